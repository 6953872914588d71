package dev.gambeson.admission;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.gambeson.admission.AdmissionRequest.Operation;
import dev.gambeson.model.PodReader;
import dev.gambeson.pod.PodTemplate;
import dev.gambeson.rule.Requester;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The pass over the bytes of a review: its own fields, and the outlines of its objects. */
final class ReviewParser {
  private static final String API_VERSION = "admission.k8s.io/v1";
  private static final String KIND = "AdmissionReview";
  private static final int MOST_GROUPS = 10_000;

  private final byte[] body;
  private final boolean readsNewPods;
  private String apiVersion = "";
  private String kind = "";
  private boolean hasRequest;
  private String uid = "";
  private String group = "";
  private String version = "";
  private String objectKind = "";
  private String operation = "";
  private String namespace = "";
  private String name = "";
  private String subResource = "";
  private String user = "";
  private final Set<String> groups = new HashSet<>();
  private @Nullable ReviewedObject object;
  private @Nullable ReviewedObject oldObject;

  /**
   * Creates it.
   *
   * @param readsNewPods whether to read a pod that is to be created; other objects are left for
   *     later
   */
  ReviewParser(byte[] body, boolean readsNewPods) {
    this.body = body;
    this.readsNewPods = readsNewPods;
  }

  /**
   * Reads all of the body.
   *
   * @throws IOException if it is no JSON, or exceeds what the parser reads; what came before that
   *     is known
   */
  void parse(JsonParser parser) throws IOException, MalformedReviewException {
    if (parser.nextToken() == null) {
      throw new MalformedReviewException("the body is empty");
    }
    forEachField(
        parser,
        field -> {
          switch (field) {
            case "apiVersion" -> apiVersion = text(parser);
            case "kind" -> kind = text(parser);
            case "request" -> {
              hasRequest = parser.currentToken() == JsonToken.START_OBJECT;
              forEachField(parser, inRequest -> parseRequest(parser, inRequest));
            }
            default -> parser.skipChildren();
          }
        });
    if (parser.nextToken() != null) {
      throw new MalformedReviewException("the body is not JSON: Trailing token after its end");
    }
  }

  private void parseRequest(JsonParser parser, String field)
      throws IOException, MalformedReviewException {
    switch (field) {
      case "uid" -> uid = text(parser);
      case "kind" ->
          forEachField(
              parser,
              part -> {
                switch (part) {
                  case "group" -> group = text(parser);
                  case "version" -> version = text(parser);
                  case "kind" -> objectKind = text(parser);
                  default -> parser.skipChildren();
                }
              });
      case "operation" -> operation = text(parser);
      case "namespace" -> namespace = text(parser);
      case "name" -> name = text(parser);
      case "subResource" -> subResource = text(parser);
      case "userInfo" ->
          forEachField(
              parser,
              part -> {
                switch (part) {
                  case "username" -> user = text(parser);
                  case "groups" -> parseGroups(parser);
                  default -> parser.skipChildren();
                }
              });
      case "object" -> parseObject(parser, field, object, read -> object = read);
      case "oldObject" -> parseObject(parser, field, oldObject, read -> oldObject = read);
      default -> parser.skipChildren();
    }
  }

  private void parseGroups(JsonParser parser) throws IOException, MalformedReviewException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      groups.add(text(parser));
      if (groups.size() > MOST_GROUPS) {
        throw new MalformedReviewException("the user has more than " + MOST_GROUPS + " groups");
      }
    }
  }

  private void parseObject(
      JsonParser parser,
      String field,
      @Nullable ReviewedObject before,
      Consumer<ReviewedObject> found)
      throws IOException, MalformedReviewException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    if (before != null) {
      throw new MalformedReviewException("the request has the field " + field + " twice");
    }
    if (readsNewPods && isOfNewPod()) {
      var pod = PodReader.read(parser);
      found.accept(new ReviewedObject(Outline.of(pod), body, field, body.length, pod));
      return;
    }
    long start = parser.currentTokenLocation().getByteOffset();
    var outline = new Outline();
    found.accept(new ReviewedObject(outline, body, field, body.length, null));
    try {
      outline.read(parser);
    } catch (StreamConstraintsException e) {
      outline.stopAt(
          parser.getParsingContext().getNestingDepth() >= Bound.NESTING.most()
              ? Bound.NESTING
              : Bound.CHARACTERS);
      throw e;
    }
    long end = parser.currentLocation().getByteOffset();
    if (start >= 0) {
      found.accept(new ReviewedObject(outline, body, field, (int) (end - start), null));
    }
  }

  /** The API server writes what this depends on before the object. */
  private boolean isOfNewPod() {
    return operation.equals(Operation.CREATE.name())
        && PodTemplate.of(apiVersionOfObject(), objectKind).filter(PodTemplate::isPod).isPresent();
  }

  private String apiVersionOfObject() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** Reads a field whose name has been read. */
  private interface FieldReader {
    void read(String field) throws IOException, MalformedReviewException;
  }

  /** Reads the fields of an object; passes over any other value. */
  private static void forEachField(JsonParser parser, FieldReader reader)
      throws IOException, MalformedReviewException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    for (var field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
      parser.nextToken();
      reader.read(field);
    }
  }

  private static String text(JsonParser parser) throws IOException {
    var text = parser.getValueAsString("");
    parser.skipChildren();
    return text;
  }

  /** Whether it is known what the object is, be it in part. */
  boolean knowsObject() {
    return object != null && !objectKind.isEmpty();
  }

  /**
   * The request.
   *
   * @throws MalformedReviewException if the body is not an AdmissionReview v1 with a request that
   *     has a uid
   */
  AdmissionRequest request() throws MalformedReviewException {
    if (!kind.equals(KIND)) {
      throw new MalformedReviewException(
          "the body is not an AdmissionReview: its kind is " + describe(kind));
    }
    if (!apiVersion.equals(API_VERSION)) {
      throw new MalformedReviewException(
          "the review is "
              + describe(apiVersion)
              + ", and Gambeson speaks "
              + API_VERSION
              + " only: set admissionReviewVersions: [v1] in the webhook configuration");
    }
    if (!hasRequest) {
      throw new MalformedReviewException("the AdmissionReview has no request");
    }
    if (uid.isEmpty()) {
      throw new MalformedReviewException("the request has no uid");
    }
    return new AdmissionRequest(
        uid,
        apiVersionOfObject(),
        objectKind,
        operation(),
        namespace,
        name,
        subResource,
        new Requester(user, groups),
        object,
        oldObject);
  }

  private Operation operation() throws MalformedReviewException {
    for (var known : Operation.values()) {
      if (known.name().equals(operation)) {
        return known;
      }
    }
    throw new MalformedReviewException(
        "the request's operation is \"" + ReviewCodec.clip(operation) + "\"");
  }

  private static String describe(String text) {
    return text.isEmpty() ? "missing" : "\"" + ReviewCodec.clip(text) + "\"";
  }
}
