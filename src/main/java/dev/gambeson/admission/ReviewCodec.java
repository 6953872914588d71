package dev.gambeson.admission;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidNullException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedMethod;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.admission.AdmissionRequest.Operation;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PatchOperation;
import dev.gambeson.rules.Requester;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** AdmissionReviews, {@code admission.k8s.io/v1}: bytes to a request, a decision to bytes. */
public final class ReviewCodec {
  private static final String API_VERSION = "admission.k8s.io/v1";
  private static final String KIND = "AdmissionReview";
  private static final int MAX_NESTING = 200;

  private final ObjectMapper mapper =
      StrictModel.configure(
              JsonMapper.builder(
                  JsonFactory.builder()
                      .streamReadConstraints(
                          StreamReadConstraints.builder()
                              .maxNestingDepth(MAX_NESTING)
                              // The bound of the body holds for these: a pod must not escape by a
                              // long name.
                              .maxStringLength(Integer.MAX_VALUE)
                              .maxNameLength(Integer.MAX_VALUE)
                              .build())
                      .build()))
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          // As in the Kubernetes API: a field that is null is absent.
          .defaultSetterInfo(JsonSetter.Value.construct(Nulls.SKIP, Nulls.FAIL))
          .withConfigOverride(
              Map.class,
              map -> map.setSetterInfo(JsonSetter.Value.construct(Nulls.SKIP, Nulls.SKIP)))
          .annotationIntrospector(new NullsInLists())
          .build();

  /**
   * Reads a review.
   *
   * @throws MalformedReviewException if the bytes are no JSON, or no AdmissionReview v1 with a
   *     request that has a uid
   */
  public AdmissionRequest decode(byte[] body) throws MalformedReviewException {
    JsonNode review;
    try {
      // Not on the mapper: the model reads a quantity from within the tree by this very method.
      review = mapper.reader(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).readTree(body);
    } catch (IOException e) {
      throw new MalformedReviewException("the body is no JSON: " + reason(e));
    }
    if (review.isMissingNode()) {
      throw new MalformedReviewException("the body is empty");
    }
    if (!review.isObject() || !KIND.equals(review.path("kind").asText())) {
      throw new MalformedReviewException(
          "the body is no AdmissionReview: its kind is " + describe(review.path("kind")));
    }
    if (!API_VERSION.equals(review.path("apiVersion").asText())) {
      throw new MalformedReviewException(
          "the review is "
              + describe(review.path("apiVersion"))
              + ", and Gambeson speaks "
              + API_VERSION
              + " only: set admissionReviewVersions: [v1] in the webhook configuration");
    }
    var request = review.path("request");
    if (!request.isObject()) {
      throw new MalformedReviewException("the AdmissionReview has no request");
    }
    var uid = request.path("uid").asText();
    if (uid.isEmpty()) {
      throw new MalformedReviewException("the request has no uid");
    }
    var groups = new HashSet<String>();
    request.path("userInfo").path("groups").forEach(group -> groups.add(group.asText()));
    return new AdmissionRequest(
        uid,
        apiVersion(request.path("kind")),
        request.path("kind").path("kind").asText(),
        operation(request.path("operation").asText()),
        request.path("namespace").asText(),
        request.path("name").asText(),
        request.path("subResource").asText(),
        new Requester(request.path("userInfo").path("username").asText(), groups),
        object(request.path("object")),
        object(request.path("oldObject")));
  }

  /**
   * What a review says before its object; empty texts where it says nothing.
   *
   * @param operation as the review spells it
   */
  public record Head(
      String uid, String kind, String namespace, String operation, String subResource) {}

  /**
   * Reads the beginning of a review whose end is missing.
   *
   * @param bytes the first ones of the body
   * @return empty where the uid is not in them
   */
  public Optional<Head> head(byte[] bytes) {
    var texts = new HashMap<String, String>();
    try (var parser = mapper.getFactory().createParser(bytes)) {
      int depth = 0;
      boolean inRequest = false;
      boolean inKind = false;
      for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isStructStart()) {
          depth++;
        } else if (token.isStructEnd()) {
          depth--;
        } else if (token == JsonToken.FIELD_NAME && depth == 1) {
          inRequest = parser.currentName().equals("request");
        } else if (token == JsonToken.FIELD_NAME && depth == 2) {
          inKind = parser.currentName().equals("kind");
        } else if (token == JsonToken.VALUE_STRING
            && inRequest
            && (depth == 2 || (depth == 3 && inKind))) {
          texts.putIfAbsent(parser.currentName(), parser.getText());
        }
      }
    } catch (IOException e) {
      // The end that is missing; what came before it counts.
    }
    return Optional.ofNullable(texts.get("uid"))
        .map(uid ->
            new Head(
                uid,
                texts.getOrDefault("kind", ""),
                texts.getOrDefault("namespace", ""),
                texts.getOrDefault("operation", ""),
                texts.getOrDefault("subResource", "")));
  }

  /**
   * Reads a pod into the model.
   *
   * @throws MalformedReviewException if the model cannot hold it, or it lacks metadata or spec
   */
  public Pod pod(JsonNode object) throws MalformedReviewException {
    var pod = read(object, Pod.class);
    if (pod.getMetadata() == null || pod.getSpec() == null) {
      throw new MalformedReviewException("the pod has no metadata or no spec");
    }
    return pod;
  }

  /**
   * Reads the metadata of any object into the model.
   *
   * @throws MalformedReviewException if the model cannot hold them
   */
  ObjectMeta metadata(JsonNode object) throws MalformedReviewException {
    var metadata = object.path("metadata");
    if (metadata.isMissingNode() || metadata.isNull()) {
      return new ObjectMeta();
    }
    try {
      return read(metadata, ObjectMeta.class);
    } catch (MalformedReviewException e) {
      throw e.under(FieldPath.of("metadata"));
    }
  }

  private <T> T read(JsonNode object, Class<T> type) throws MalformedReviewException {
    try {
      return mapper.treeToValue(object, type);
    } catch (InvalidNullException e) {
      throw new MalformedReviewException(
          StrictModel.path(e), "is null in a list: write a value there, or take the line out");
    } catch (MismatchedInputException e) {
      var path = StrictModel.path(e);
      throw new MalformedReviewException(
          path, misfit(e.getTargetType(), object.at(path.pointer())));
    } catch (JsonMappingException e) {
      throw new MalformedReviewException(
          StrictModel.path(e), "is not what the Kubernetes API has there");
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Never the value itself: values may be secret. */
  private static String misfit(@Nullable Class<?> wanted, JsonNode found) {
    if (wanted == Quantity.class && found.isTextual()) {
      return "wants " + StrictModel.wanted(wanted);
    }
    var kind =
        switch (found.getNodeType()) {
          case NUMBER ->
              wanted == String.class || found.isIntegralNumber() ? "a number" : "a fraction";
          case BOOLEAN -> "true or false";
          case STRING -> "a text";
          case ARRAY -> "a list";
          case OBJECT -> "a map";
          default -> "nothing";
        };
    return "wants "
        + StrictModel.wanted(wanted)
        + ", not "
        + kind
        + (wanted == String.class && found.isValueNode() ? ": quote it" : "");
  }

  /** The operations as a JSON Patch document; null where there are none. */
  public @Nullable ArrayNode patch(List<PatchOperation> operations) {
    if (operations.isEmpty()) {
      return null;
    }
    var patch = mapper.createArrayNode();
    for (var operation : operations) {
      var node = patch.addObject();
      node.put("op", operation.op().name().toLowerCase(Locale.ROOT));
      node.put("path", operation.path().pointer());
      if (operation.value() != null) {
        node.set("value", json(operation.value()));
      }
    }
    return patch;
  }

  /** A scalar, list, map or model object as JSON. */
  public JsonNode json(Object value) {
    return mapper.valueToTree(value);
  }

  /** The review that answers a request. */
  public byte[] encode(String uid, Decision.Verdict verdict) {
    var review = mapper.createObjectNode();
    review.put("apiVersion", API_VERSION);
    review.put("kind", KIND);
    var response = review.putObject("response").put("uid", uid);
    switch (verdict) {
      case Decision.Allowed allowed -> {
        response.put("allowed", true);
        var patch = allowed.patch();
        if (patch != null) {
          response.put("patchType", "JSONPatch");
          response.put("patch", Base64.getEncoder().encodeToString(bytes(patch)));
        }
        addNotes(response, allowed.warnings(), allowed.auditAnnotations());
      }
      case Decision.Denied denied -> {
        response.put("allowed", false);
        response
            .putObject("status")
            .put("code", denied.reason().code())
            .put("reason", denied.reason().text())
            .put("message", denied.message());
        addNotes(response, denied.warnings(), denied.auditAnnotations());
      }
    }
    return bytes(review);
  }

  private static void addNotes(
      ObjectNode response, List<String> warnings, Map<String, String> auditAnnotations) {
    if (!warnings.isEmpty()) {
      var list = response.putArray("warnings");
      warnings.forEach(list::add);
    }
    if (!auditAnnotations.isEmpty()) {
      var annotations = response.putObject("auditAnnotations");
      auditAnnotations.forEach(annotations::put);
    }
  }

  private byte[] bytes(JsonNode node) {
    try {
      return mapper.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String apiVersion(JsonNode kind) {
    var group = kind.path("group").asText();
    var version = kind.path("version").asText();
    return group.isEmpty() ? version : group + "/" + version;
  }

  private static @Nullable JsonNode object(JsonNode node) {
    return node.isObject() ? node : null;
  }

  private static Operation operation(String name) throws MalformedReviewException {
    for (var operation : Operation.values()) {
      if (operation.name().equals(name)) {
        return operation;
      }
    }
    throw new MalformedReviewException("the request's operation is \"" + clip(name) + "\"");
  }

  private static String describe(JsonNode node) {
    return node.isMissingNode() || node.isNull() ? "missing" : "\"" + clip(node.asText()) + "\"";
  }

  private static String reason(IOException e) {
    var message =
        e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
    var where =
        e instanceof JsonProcessingException json && json.getLocation() != null
            ? " (line "
                + json.getLocation().getLineNr()
                + ", column "
                + json.getLocation().getColumnNr()
                + ")"
            : "";
    return clip(String.valueOf(message)) + where;
  }

  private static String clip(String text) {
    var line = text.lines().findFirst().orElse("");
    return line.length() <= 200 ? line : line.substring(0, 200) + "…";
  }

  /**
   * As in the Kubernetes API: null in a list is an empty text, 0, or an object without fields. Most
   * lists of objects refuse one, and so does this.
   */
  private static final class NullsInLists extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    /** The objects that the API server accepts without fields. */
    private static final Set<Class<?>> EMPTY =
        Set.of(
            LocalObjectReference.class,
            ManagedFieldsEntry.class,
            NodeSelectorTerm.class,
            VolumeProjection.class);

    @Override
    public JsonSetter.Value findSetterInfo(Annotated annotated) {
      return annotated instanceof AnnotatedMethod method
              && method.getParameterCount() == 1
              && isListThatTakesNulls(method.getParameterType(0))
          ? JsonSetter.Value.forContentNulls(Nulls.AS_EMPTY)
          : super.findSetterInfo(annotated);
    }

    private static boolean isListThatTakesNulls(JavaType type) {
      return type.isCollectionLikeType()
          && (type.getContentType().hasRawClass(String.class)
              || type.getContentType().isTypeOrSubTypeOf(Number.class)
              || EMPTY.contains(type.getContentType().getRawClass()));
    }
  }
}
