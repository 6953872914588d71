package dev.gambeson.playground;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.admission.AdmissionPipeline;
import dev.gambeson.admission.Decision;
import dev.gambeson.admission.MalformedReviewException;
import dev.gambeson.admission.ReviewCodec;
import dev.gambeson.admission.Route;
import dev.gambeson.admission.Webhook;
import dev.gambeson.pod.PodTemplate;
import dev.gambeson.review.JudgedObject;
import dev.gambeson.review.ManifestReview;
import dev.gambeson.review.Manifests;
import dev.gambeson.review.ObjectReview;
import dev.gambeson.review.ReviewTerms;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Requester;
import dev.gambeson.verdict.Configuration;
import dev.gambeson.yaml.DocumentEdit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The AdmissionReviews that an API server and the webhooks exchange when an object is created: of
 * the workload, if it is one; then of its pod, which is fixed first and checked after.
 */
final class AdmissionExchanges {
  private static final Requester YOU =
      new Requester("you@example.com", Set.of("system:authenticated"));
  private static final ObjectMapper MAPPER = new JsonMapper();

  private final ReviewTerms terms;
  private final ReviewCodec codec = new ReviewCodec();
  private final AdmissionPipeline pipeline;

  AdmissionExchanges(ReviewTerms terms) {
    this.terms = terms;
    var configuration = terms.choice() == null ? terms.configuration() : withoutNamespaces(terms);
    this.pipeline = new AdmissionPipeline(() -> configuration, terms::now, codec);
  }

  /** A profile that is given judges in every namespace. */
  private static Configuration withoutNamespaces(ReviewTerms terms) {
    var all = terms.configuration();
    return new Configuration(
        all.enforce(),
        all.defaultProfile(),
        List.of(),
        all.profiles(),
        all.exemptions(),
        all.help());
  }

  /** The exchanges about the object of that number; none where there is no such object. */
  ArrayNode about(Manifests manifests, int number) {
    var exchanges = JsonNodeFactory.instance.arrayNode();
    ManifestReview.of(manifests, terms)
        .objects()
        .skip(number)
        .findFirst()
        .ifPresent(judged -> add(judged, new ObjectReview(terms, manifests.objects()), exchanges));
    return exchanges;
  }

  private void add(JudgedObject judged, ObjectReview review, ArrayNode exchanges) {
    var object = judged.source();
    var path = judged.review().template();
    var known =
        PodTemplate.of(object.apiVersion(), object.kind())
            .filter(template -> template.path().equals(path));
    var template = known.orElseGet(() -> new PodTemplate(path, null));
    var profile = judged.review().choice().profile().name();
    var level = review.level(object);
    var namespace = review.namespace(object);
    if (known.isPresent() && !template.isPod()) {
      var workload = request(object.apiVersion(), object.kind(), object.value(), namespace, YOU);
      exchange(Webhook.VALIDATE, profile, level, workload, exchanges);
    }
    var creator =
        template.owner() == null
            ? YOU
            : Requester.serviceAccount("kube-system", template.owner().account());
    JsonNode pod;
    try {
      pod = review.created(judged, template);
    } catch (MalformedReviewException e) {
      throw new IllegalStateException("a pod that was judged before", e);
    }
    exchange(
            Webhook.MUTATE,
            profile,
            level,
            request("v1", "Pod", pod, namespace, creator),
            exchanges)
        .ifPresent(patch -> apply(patch, pod));
    exchange(
        Webhook.VALIDATE, profile, level, request("v1", "Pod", pod, namespace, creator), exchanges);
  }

  /** Adds an exchange, and returns the patch of its answer. */
  private Optional<JsonNode> exchange(
      Webhook webhook,
      String profile,
      PodSecurityLevel level,
      ObjectNode request,
      ArrayNode exchanges) {
    var uid = request.at("/request/uid").asText();
    var exchange = exchanges.addObject();
    exchange.put("path", "/%s/%s/%s".formatted(webhook, profile, level).toLowerCase(Locale.ROOT));
    exchange.set("request", request);
    try {
      var decision =
          pipeline.handle(
              new Route(webhook, profile, level), codec.decode(MAPPER.writeValueAsBytes(request)));
      if (!(decision instanceof Decision.Verdict verdict)) {
        return Optional.empty();
      }
      exchange.set("response", MAPPER.readTree(codec.encode(uid, verdict)));
      var patch = verdict instanceof Decision.Allowed allowed ? allowed.patch() : null;
      if (patch == null) {
        return Optional.empty();
      }
      var operations = MAPPER.readTree(patch);
      exchange.set("patch", operations);
      return Optional.of(operations);
    } catch (MalformedReviewException e) {
      throw new IllegalStateException("a review of what was judged before", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode request(
      String apiVersion, String kind, JsonNode object, String namespace, Requester requester) {
    int slash = apiVersion.indexOf('/');
    var group = slash < 0 ? "" : apiVersion.substring(0, slash);
    var version = apiVersion.substring(slash + 1);
    var review =
        JsonNodeFactory.instance
            .objectNode()
            .put("apiVersion", "admission.k8s.io/v1")
            .put("kind", "AdmissionReview");
    var request =
        review
            .putObject("request")
            .put("uid", UUID.nameUUIDFromBytes(object.toString().getBytes(UTF_8)).toString());
    request.putObject("kind").put("group", group).put("version", version).put("kind", kind);
    request
        .putObject("resource")
        .put("group", group)
        .put("version", version)
        .put("resource", kind.toLowerCase(Locale.ROOT) + "s");
    var name = object.at("/metadata/name").asText("");
    if (!name.isEmpty()) {
      request.put("name", name);
    }
    request.put("namespace", namespace).put("operation", "CREATE");
    var user = request.putObject("userInfo").put("username", requester.user());
    var groups = user.putArray("groups");
    requester.groups().stream().sorted().forEach(groups::add);
    request.set("object", object.deepCopy());
    request.putNull("oldObject").put("dryRun", false);
    return review;
  }

  private static void apply(JsonNode patch, JsonNode object) {
    for (var operation : patch) {
      var value = operation.get("value");
      new DocumentEdit(
              DocumentEdit.Kind.valueOf(operation.path("op").asText().toUpperCase(Locale.ROOT)),
              JsonPointer.compile(operation.path("path").asText()),
              value)
          .applyTo(object);
    }
  }
}
