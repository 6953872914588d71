package dev.gambeson.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.admission.AppliedAnnotation;
import dev.gambeson.admission.Pasted;
import dev.gambeson.admission.TemplateReview;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.review.KubernetesObject;
import dev.gambeson.review.ObjectReview;
import dev.gambeson.review.ReviewTerms;
import dev.gambeson.rule.Requester;
import dev.gambeson.verdict.Configuration;
import dev.gambeson.verdict.FixResult;
import dev.gambeson.yaml.TestYaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A pod that failed in its own way: {@code case.yaml} has its {@code template}, its {@code status},
 * {@code events} and {@code logs}. The pod is what the webhook makes of the template under {@code
 * profile} of {@code config}. {@code pod} and {@code owner} are pieces of YAML that are pasted into
 * it and its ReplicaSet. With {@code kind: Pod} it has no owner; with {@code untouched} no webhook
 * saw it.
 */
record ExplainedCase(Path folder, JsonNode root, Configuration configuration) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Path FOLDER = Path.of("src/test/resources/explain");
  static final Instant NOW = Instant.parse("2027-01-15T12:00:00Z");
  static final String NAMESPACE = "shop";

  static List<ExplainedCase> all() throws IOException {
    try (var folders = Files.list(FOLDER)) {
      return folders.sorted().map(ExplainedCase::read).toList();
    }
  }

  static ExplainedCase named(String name) {
    return read(FOLDER.resolve(name));
  }

  private static ExplainedCase read(Path folder) {
    try {
      var root = TestYaml.value(Files.readString(folder.resolve("case.yaml")));
      return new ExplainedCase(
          folder,
          root,
          ConfigurationLoader.load(
              "apiVersion: gambeson.dev/v1alpha1\nkind: GambesonConfig\n"
                  + root.path("config").asText(""),
              "config"));
    } catch (Exception e) {
      throw new IllegalStateException(folder.toString(), e);
    }
  }

  Configuration.Choice choice() {
    return configuration.choose(root.path("profile").asText("strict")).orElseThrow();
  }

  Explanation explain() throws Exception {
    return new Explainer(configuration, choice()).explain(observed(), NOW);
  }

  boolean isBare() {
    return root.path("kind").asText().equals("Pod");
  }

  /** What the author wrote: the ReplicaSet, or the Pod. */
  KubernetesObject written() {
    var object = MAPPER.createObjectNode();
    if (isBare()) {
      object.setAll((ObjectNode) root.path("template").deepCopy());
      object.withObject("/metadata").put("name", "web").put("namespace", NAMESPACE);
      return new KubernetesObject("v1", "Pod", FieldPath.ROOT, object);
    }
    object.withObject("/metadata").put("name", "web-5d9c7b").put("namespace", NAMESPACE);
    object
        .withObject("/metadata")
        .putArray("ownerReferences")
        .addObject()
        .put("apiVersion", "apps/v1")
        .put("kind", "Deployment")
        .put("name", "web")
        .put("controller", true);
    object.withObject("/spec").set("template", root.path("template").deepCopy());
    if (root.has("owner")) {
      object = (ObjectNode) Pasted.into(object, root.path("owner").asText());
    }
    return new KubernetesObject("apps/v1", "ReplicaSet", FieldPath.ROOT, object);
  }

  TemplateReview review(KubernetesObject object, Configuration.Choice by) throws Exception {
    ObjectNode own = object.value().deepCopy();
    own.withObject("/metadata").remove("ownerReferences");
    return new ObjectReview(
            new ReviewTerms(configuration, by, NAMESPACE, NOW, Requester.UNKNOWN, false),
            Stream.of())
        .judge(new KubernetesObject(object.apiVersion(), object.kind(), FieldPath.ROOT, own))
        .orElseThrow()
        .review();
  }

  ObservedPod observed() throws Exception {
    var written = written();
    var review = review(written, choice());
    var from = root.path("untouched").asBoolean() ? written.value() : review.object();
    ObjectNode pod = from.at(isBare() ? "" : "/spec/template").deepCopy();
    var metadata = pod.withObject("/metadata");
    metadata.put("name", isBare() ? "web" : "web-5d9c7b-x2x4z");
    metadata.put("namespace", NAMESPACE).put("uid", "6d6d0ab0-1111-4222-8333-444455556666");
    metadata.put("creationTimestamp", "2027-01-15T10:00:00Z");
    if (!root.path("untouched").asBoolean()) {
      metadata
          .withObject("annotations")
          .put(
              AppliedAnnotation.NAME,
              review.fixed().stream()
                  .filter(FixResult::changedAnything)
                  .map(FixResult::rule)
                  .sorted()
                  .collect(Collectors.joining(",")));
    }
    if (!isBare()) {
      metadata
          .putArray("ownerReferences")
          .addObject()
          .put("apiVersion", "apps/v1")
          .put("kind", "ReplicaSet")
          .put("name", "web-5d9c7b")
          .put("controller", true);
    }
    if (root.has("pod")) {
      pod = (ObjectNode) Pasted.into(pod, root.path("pod").asText());
    }
    pod.set("status", root.path("status"));
    var logs = new HashMap<String, List<String>>();
    root.path("logs")
        .properties()
        .forEach(log -> logs.put(log.getKey(), log.getValue().asText().lines().toList()));
    return new ObservedPod(
        pod,
        isBare() || root.path("ownerless").asBoolean() ? null : written,
        null,
        List.of(),
        root.path("events").valueStream().toList(),
        Map.copyOf(logs),
        List.of());
  }

  @Override
  public String toString() {
    return folder.getFileName().toString();
  }
}
