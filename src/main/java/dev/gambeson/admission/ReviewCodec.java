package dev.gambeson.admission;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.InvalidNullException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedMethod;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PatchOperation;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** AdmissionReviews, {@code admission.k8s.io/v1}: bytes to a request, a decision to bytes. */
public final class ReviewCodec {
  private static final String API_VERSION = "admission.k8s.io/v1";
  private static final String KIND = "AdmissionReview";

  /** Nearly every review has fewer bytes: its pod is read in the same pass. */
  private static final int SMALL = 64 * 1024;

  /** A review of more bytes may have so many names that a tenant invented. */
  private static final int LARGE = 256 * 1024;

  private final ObjectMapper mapper =
      StrictModel.configure(
              JsonMapper.builder(
                  JsonFactory.builder()
                      .streamReadConstraints(
                          StreamReadConstraints.builder()
                              .maxNestingDepth(Bound.NESTING.most())
                              .maxStringLength(Bound.CHARACTERS.most())
                              .maxNameLength(Bound.CHARACTERS.most())
                              .build())
                      // The JVM's table of strings would keep the names that a tenant invents.
                      .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                      .build()))
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          // As in the Kubernetes API: a field that is null is absent.
          .defaultSetterInfo(JsonSetter.Value.construct(Nulls.SKIP, Nulls.FAIL))
          .withConfigOverride(
              Map.class,
              map -> map.setSetterInfo(JsonSetter.Value.construct(Nulls.SKIP, Nulls.SKIP)))
          .annotationIntrospector(new NullsInLists())
          .addMixIn(ObjectMeta.class, WithoutManagedFields.class)
          .addMixIn(PodStatus.class, ConditionsOnly.class)
          .build();

  private final ObjectReader pods = mapper.readerFor(Pod.class);

  /**
   * Of Jackson's two parsers, that of characters gives up its table of names where it becomes too
   * large; that of bytes becomes slow.
   */
  private JsonParser parser(byte[] body) throws IOException {
    var factory = mapper.getFactory();
    return body.length > LARGE
        ? factory.createParser(new InputStreamReader(new ByteArrayInputStream(body), UTF_8))
        : factory.createParser(body);
  }

  /** A parser at the first token of an object, which {@link ReviewParser} found. */
  private JsonParser parser(ReviewedObject object) throws IOException {
    var parser = parser(object.body());
    parser.nextToken();
    find(parser, "request");
    find(parser, object.field());
    return parser;
  }

  /** Goes to the object in a field of the object that begins here. Returns whether there is one. */
  private static boolean find(JsonParser parser, String wanted) throws IOException {
    for (var field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
      if (parser.nextToken() == JsonToken.START_OBJECT && field.equals(wanted)) {
        return true;
      }
      parser.skipChildren();
    }
    return false;
  }

  /**
   * Reads a review.
   *
   * @return its objects are not read yet, but for a small pod that is new
   * @throws MalformedReviewException if the bytes are no JSON, or no AdmissionReview v1 with a
   *     request that has a uid
   */
  public AdmissionRequest decode(byte[] body) throws MalformedReviewException {
    if (body.length <= SMALL) {
      var json = ManagedFields.cut(body);
      try (var parser =
          mapper.getFactory().createParser(json.array(), json.arrayOffset(), json.limit())) {
        var review = new ReviewParser(body, true);
        review.parse(parser);
        return review.request();
      } catch (IOException e) {
        // What is wrong is told below, or where the object is read by itself.
      }
    }
    var review = new ReviewParser(body, false);
    try (var parser = parser(body)) {
      review.parse(parser);
    } catch (IOException e) {
      if (!(e instanceof StreamConstraintsException) || !review.knowsObject()) {
        throw new MalformedReviewException("the body is not JSON: " + reason(e));
      }
    }
    return review.request();
  }

  /**
   * Reads the beginning of a review whose end is missing.
   *
   * @param bytes the first ones of the body
   * @return empty where they do not tell what is asked for; the objects of the request cannot be
   *     read
   */
  public Optional<AdmissionRequest> decodeBeginning(byte[] bytes) {
    var review = new ReviewParser(bytes, false);
    try (var parser = parser(bytes)) {
      review.parse(parser);
    } catch (IOException | MalformedReviewException e) {
      // The end that is missing; what came before it counts.
    }
    try {
      return Optional.of(review.request());
    } catch (MalformedReviewException e) {
      return Optional.empty();
    }
  }

  /**
   * Reads a pod into the model.
   *
   * @throws MalformedReviewException if the model cannot hold it, or it lacks metadata or spec
   */
  public Pod pod(JsonNode object) throws MalformedReviewException {
    return requireParts(read(object, Pod.class));
  }

  /**
   * Reads a pod into the model.
   *
   * @throws MalformedReviewException as {@link #pod(JsonNode)}, or if it is too large
   */
  public Pod pod(ReviewedObject object) throws MalformedReviewException {
    requireBounds(object.outline());
    var known = object.takePod();
    if (known != null) {
      return requireParts(known);
    }
    return requireParts(
        read(
            () -> {
              try (var parser = parser(object)) {
                return pods.readValue(parser);
              }
            },
            path -> tree(object).at(path.pointer())));
  }

  /**
   * Reads an object's {@code spec} into a tree, and nothing beside it.
   *
   * @throws MalformedReviewException if it is too large
   */
  JsonNode specTree(ReviewedObject object) throws MalformedReviewException {
    requireBounds(object.outline());
    var tree = mapper.createObjectNode();
    return read(
        () -> {
          try (var parser = parser(object)) {
            return find(parser, "spec") ? tree.set("spec", parser.readValueAsTree()) : tree;
          }
        },
        path -> MissingNode.getInstance());
  }

  /**
   * Reads any object into a tree.
   *
   * @throws MalformedReviewException if it is too large
   */
  public JsonNode tree(ReviewedObject object) throws MalformedReviewException {
    requireBounds(object.outline());
    return read(
        () -> {
          try (var parser = parser(object)) {
            return parser.readValueAsTree();
          }
        },
        path -> MissingNode.getInstance());
  }

  /**
   * Refuses an object that is larger than what is judged.
   *
   * @throws MalformedReviewException if it is too large
   */
  void requireBounds(JsonNode object) throws MalformedReviewException {
    var outline = new Outline();
    try (var parser = object.traverse(mapper)) {
      parser.nextToken();
      outline.read(parser);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    requireBounds(outline);
  }

  private static void requireBounds(Outline outline) throws TooLargeException {
    var excess = outline.excess();
    if (excess.isPresent()) {
      throw new TooLargeException(excess.get());
    }
  }

  private static Pod requireParts(Pod pod) throws MalformedReviewException {
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
    return read(() -> mapper.treeToValue(object, type), path -> object.at(path.pointer()));
  }

  private interface Reading<T> {
    T read() throws IOException;
  }

  private interface Found {
    JsonNode at(FieldPath path) throws MalformedReviewException;
  }

  private static <T> T read(Reading<T> reading, Found found) throws MalformedReviewException {
    try {
      return reading.read();
    } catch (InvalidNullException e) {
      throw new MalformedReviewException(
          StrictModel.path(e), "is null in a list: write a value there, or take the line out");
    } catch (MismatchedInputException e) {
      var path = StrictModel.path(e);
      throw new MalformedReviewException(path, misfit(e.getTargetType(), found.at(path)));
    } catch (JsonMappingException e) {
      throw e.getCause() instanceof StreamConstraintsException
          ? new TooLargeException(Bound.CHARACTERS.exceeded())
          : new MalformedReviewException(
              StrictModel.path(e), "is not what the Kubernetes API has there");
    } catch (StreamConstraintsException e) {
      throw new TooLargeException(Bound.CHARACTERS.exceeded());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Never the value itself: values may be secret. */
  private static String misfit(@Nullable Class<?> wanted, JsonNode found) {
    if (wanted == Quantity.class && found.isTextual()) {
      return "must be " + StrictModel.wanted(wanted);
    }
    var kind =
        switch (found.getNodeType()) {
          case NUMBER ->
              wanted == String.class || found.isIntegralNumber() ? "a number" : "a fraction";
          case BOOLEAN -> "true or false";
          case STRING -> "a string";
          case ARRAY -> "a list";
          case OBJECT -> "an object";
          default -> "nothing";
        };
    return "must be "
        + StrictModel.wanted(wanted)
        + ", not "
        + kind
        + (wanted == String.class && found.isValueNode() ? ": quote it" : "");
  }

  /** The operations as the text of a JSON Patch; null where there are none. */
  public @Nullable String patch(List<PatchOperation> operations) {
    if (operations.isEmpty()) {
      return null;
    }
    var bytes = new ByteArrayOutputStream();
    try (var json = mapper.createGenerator(bytes)) {
      PatchWriter.write(operations, json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toString(UTF_8);
  }

  /** A scalar, list, map or model object as JSON. */
  public JsonNode json(Object value) {
    return mapper.valueToTree(value);
  }

  /** The review that answers a request. */
  public byte[] encode(String uid, Decision.Verdict verdict) {
    var bytes = new ByteArrayOutputStream();
    try (var json = mapper.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("apiVersion", API_VERSION);
      json.writeStringField("kind", KIND);
      json.writeObjectFieldStart("response");
      json.writeStringField("uid", uid);
      switch (verdict) {
        case Decision.Allowed allowed -> write(allowed, json);
        case Decision.Denied denied -> write(denied, json);
      }
      writeNotes(verdict, json);
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(Decision.Allowed allowed, JsonGenerator json) throws IOException {
    json.writeBooleanField("allowed", true);
    var patch = allowed.patch();
    if (patch != null) {
      json.writeStringField("patchType", "JSONPatch");
      json.writeFieldName("patch");
      // The JDK encodes faster than Jackson.
      var encoded = Base64.getEncoder().encode(patch.getBytes(UTF_8));
      json.writeRawUTF8String(encoded, 0, encoded.length);
    }
  }

  private static void write(Decision.Denied denied, JsonGenerator json) throws IOException {
    json.writeBooleanField("allowed", false);
    json.writeObjectFieldStart("status");
    json.writeNumberField("code", denied.reason().code());
    json.writeStringField("reason", denied.reason().text());
    json.writeStringField("message", denied.message());
    json.writeEndObject();
  }

  private static void writeNotes(Decision.Verdict verdict, JsonGenerator json) throws IOException {
    if (!verdict.warnings().isEmpty()) {
      json.writeArrayFieldStart("warnings");
      for (var warning : verdict.warnings()) {
        json.writeString(warning);
      }
      json.writeEndArray();
    }
    if (!verdict.auditAnnotations().isEmpty()) {
      json.writeObjectFieldStart("auditAnnotations");
      for (var annotation : verdict.auditAnnotations().entrySet()) {
        json.writeStringField(annotation.getKey(), annotation.getValue());
      }
      json.writeEndObject();
    }
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

  static String clip(String text) {
    var line = text.lines().findFirst().orElse("");
    return line.length() <= 200 ? line : line.substring(0, 200) + "…";
  }

  // No rule reads these parts of a pod, and each of their many small objects takes 500 bytes.

  @JsonIgnoreProperties("managedFields")
  private interface WithoutManagedFields {}

  @JsonIgnoreProperties({
    "containerStatuses",
    "initContainerStatuses",
    "ephemeralContainerStatuses",
    "resourceClaimStatuses"
  })
  private interface ConditionsOnly {}

  /**
   * As in the Kubernetes API: null in a list is an empty text, 0, or an object without fields. Most
   * lists of objects refuse one, and so does this.
   */
  private static final class NullsInLists extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    /** The objects that the API server accepts without fields. */
    private static final Set<Class<?>> EMPTY =
        Set.of(LocalObjectReference.class, NodeSelectorTerm.class, VolumeProjection.class);

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
