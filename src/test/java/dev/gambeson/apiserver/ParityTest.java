package dev.gambeson.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.admission.ReviewCodec;
import dev.gambeson.admission.TemplateReview;
import dev.gambeson.admission.TemplateReviewer;
import dev.gambeson.apiserver.Cluster.Registered;
import dev.gambeson.pod.PodTemplate;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Requester;
import dev.gambeson.verdict.CheckMode;
import dev.gambeson.yaml.DocumentText;
import dev.gambeson.yaml.YamlException;
import dev.gambeson.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The API server with Gambeson and {@code gambeson review} say the same of every pod template of
 * {@code <gambeson.data>/manifests}, made a pod.
 */
@ExtendWith(ClusterExtension.class)
class ParityTest {
  private static final Logger LOG = LoggerFactory.getLogger(ParityTest.class);

  /** The API server refuses them as they are: a label with a placeholder, the protocol "tcp". */
  private static final int NO_PODS = 2;

  /** As much of a warning as is always shown. */
  private static final int WARNING = 255;

  private final Cluster cluster;

  ParityTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @ParameterizedTest
  @CsvSource({
    "standard, privileged",
    "strict, privileged",
    "node-files, privileged",
    "node-files, baseline",
    "node-files, restricted",
    "image-files, privileged",
    "of-the-administrator, privileged",
    "of-the-administrator, restricted"
  })
  void theApiServerAndAReviewAgree(String profile, String level) throws Exception {
    var pods = pods();
    var labels = Map.of(Webhooks.PROFILE, profile, Webhooks.LEVEL, level);
    var judged = cluster.namespace(Registered.BY_URL, labels);
    var fixed = cluster.namespace(Registered.TO_MUTATE, labels);
    var plain = cluster.namespace(profile, Registered.NOT);
    createServiceAccounts(pods, List.of(judged, fixed, plain));
    var reviewer = new TemplateReviewer(true, Instant.now(), Requester.UNKNOWN, new ReviewCodec());
    var choice = cluster.configuration().profileFor(judged, profile);

    var softly = new SoftAssertions();
    var refused = new ArrayList<String>();
    int denied = 0;
    for (var pod : pods) {
      var name = pod.at("/metadata/name").asText();
      var asItIs = cluster.pods().dryRun(plain, pod);
      if (!asItIs.accepted()) {
        refused.add(name + ": " + asItIs.message());
        continue;
      }
      var review =
          reviewer
              .review(
                  "v1",
                  "Pod",
                  pod,
                  judged,
                  choice,
                  PodSecurityLevel.valueOf(level.toUpperCase(Locale.ROOT)))
              .orElseThrow();

      var answer = cluster.pods().dryRun(judged, pod);

      denied += answer.accepted() ? 0 : 1;
      softly.assertThat(answer.accepted()).as("%s is admitted", name).isEqualTo(review.allowed());
      if (answer.message().contains("violates PodSecurity")) {
        continue;
      }
      softly
          .assertThat(violations(answer))
          .as("violations of %s", name)
          .containsExactlyElementsOf(messages(review, CheckMode.ENFORCE));
      softly
          .assertThat(warnings(answer))
          .as("warnings about %s", name)
          .containsExactlyInAnyOrderElementsOf(warnings(review));
      softly
          .assertThat(spec(cluster.pods().dryRun(fixed, pod)))
          .as("spec of %s", name)
          .isEqualTo(spec(cluster.pods().dryRun(plain, review.object())));
    }
    softly.assertAll();
    assertThat(refused).as("templates that are no pod for the API server").hasSize(NO_PODS);
    LOG.info(
        "{} pods under {} at level {}: {} denied",
        pods.size() - refused.size(),
        profile,
        level,
        denied);
    assertThat(denied).as("pods denied").isBetween(1, pods.size() - refused.size() - 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"standard", "strict", TestProfiles.OF_THE_ADMINISTRATOR})
  void theApiServerAndAReviewAgreeOnWorkloads(String profile) throws Exception {
    var judged = cluster.namespace(profile, Registered.BY_URL);
    var plain = cluster.namespace(profile, Registered.NOT);
    var reviewer = new TemplateReviewer(true, Instant.now(), Requester.UNKNOWN, new ReviewCodec());
    var choice = cluster.configuration().profileFor(judged, profile);
    boolean denies = choice.profile().workloads() == CheckMode.ENFORCE;

    var softly = new SoftAssertions();
    int compared = 0;
    int broken = 0;
    for (var object : workloads()) {
      var workload = Workload.valueOf(object.path("kind").asText());
      if (!cluster.pods().dryRunAt(workload.collection(plain), object).accepted()) {
        continue;
      }
      var name = workload + " " + object.at("/metadata/name").asText();
      var review =
          reviewer
              .review(
                  object.path("apiVersion").asText(),
                  workload.name(),
                  object,
                  judged,
                  choice,
                  PodSecurityLevel.PRIVILEGED)
              .orElseThrow();

      var answer = cluster.pods().dryRunAt(workload.collection(judged), object);

      compared++;
      broken += review.allowed() ? 0 : 1;
      softly
          .assertThat(answer.accepted())
          .as("%s is admitted", name)
          .isEqualTo(review.allowed() || !denies);
      softly
          .assertThat(violations(answer))
          .as("violations of %s", name)
          .containsExactlyElementsOf(denies ? messages(review, CheckMode.ENFORCE) : List.of());
      softly
          .assertThat(workloadWarnings(answer))
          .as("warnings about %s", name)
          .containsExactlyInAnyOrderElementsOf(
              Stream.concat(
                      denies
                          ? Stream.<String>of()
                          : messages(review, CheckMode.ENFORCE).stream()
                              .map(message -> clip("pods will be refused: " + message)),
                      warnings(review).stream())
                  .toList());
    }
    softly.assertAll();
    LOG.info("{} workloads under {}: {} broken", compared, profile, broken);
    assertThat(broken).as("workloads whose pods are denied").isBetween(1, compared - 1);
  }

  private static List<String> workloadWarnings(PodApi.Answer answer) {
    return answer.warnings().stream()
        .filter(warning -> warning.startsWith("[") || warning.startsWith("pods will be refused: "))
        .map(ParityTest::clip)
        .toList();
  }

  private static List<ObjectNode> workloads() throws IOException {
    return documents().stream()
        .filter(object ->
            Workload.isOne(object.path("apiVersion").asText(), object.path("kind").asText()))
        .map(object -> {
          ObjectNode copy = object.deepCopy();
          copy.withObject("/metadata").remove("namespace");
          return copy;
        })
        .toList();
  }

  /** The order of tolerations means nothing: the API server's own come before a fix's or after. */
  private static JsonNode spec(PodApi.Answer answer) {
    assertThat(answer.accepted()).as(answer::message).isTrue();
    var spec = Pods.comparable(answer.body()).withObject("/spec");
    var tolerations =
        spec.path("tolerations")
            .valueStream()
            .sorted(Comparator.comparing(JsonNode::toString))
            .toList();
    spec.putArray("tolerations").addAll(tolerations);
    return spec;
  }

  private static List<String> violations(PodApi.Answer answer) {
    return answer
        .message()
        .replaceFirst("(?s)^admission webhook \"[^\"]*\" denied the request: ", "")
        .lines()
        .filter(line -> line.startsWith("["))
        .toList();
  }

  private static List<String> warnings(PodApi.Answer answer) {
    return answer.warnings().stream()
        .filter(warning -> warning.startsWith("["))
        .map(ParityTest::clip)
        .toList();
  }

  private static List<String> warnings(TemplateReview review) {
    var ofFixes =
        review.fixed().stream()
            .flatMap(
                fix -> fix.warnings().stream().map(warning -> "[" + fix.rule() + "] " + warning));
    return Stream.concat(ofFixes, messages(review, CheckMode.WARN).stream())
        .map(ParityTest::clip)
        .distinct()
        .toList();
  }

  private static List<String> messages(TemplateReview review, CheckMode mode) {
    return review.findings().stream()
        .filter(finding -> finding.mode() == mode)
        .map(finding -> finding.message(review.template()))
        .toList();
  }

  private static String clip(String warning) {
    return warning.substring(0, Math.min(WARNING, warning.length()));
  }

  private void createServiceAccounts(List<ObjectNode> pods, List<String> namespaces) {
    pods.stream()
        .flatMap(pod ->
            Stream.of(
                pod.at("/spec/serviceAccountName").asText(),
                pod.at("/spec/serviceAccount").asText()))
        .filter(account -> !account.isEmpty() && !account.equals("default"))
        .distinct()
        .forEach(account ->
            namespaces.forEach(namespace -> cluster.createServiceAccount(namespace, account)));
  }

  private static List<ObjectNode> pods() throws IOException {
    var pods = new ArrayList<ObjectNode>();
    documents().forEach(object -> addPod(object, pods));
    return pods;
  }

  private static List<JsonNode> documents() throws IOException {
    var data = System.getProperty("gambeson.data", "");
    assumeThat(data).as("skipped: -Dgambeson.data names no folder with manifests").isNotEmpty();
    var documents = new ArrayList<JsonNode>();
    try (var files = Files.walk(Path.of(data, "manifests"))) {
      for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
        for (var source : YamlReader.split(Files.readString(file))) {
          objects(source).forEach(documents::add);
        }
      }
    }
    return documents;
  }

  /** None where the document cannot be read: {@code review} does not judge it either. */
  private static Stream<JsonNode> objects(DocumentText source) {
    try {
      var document = YamlReader.read(source).value();
      return document.path("kind").asText().equals("List")
          ? StreamSupport.stream(document.path("items").spliterator(), false)
          : Stream.of(document);
    } catch (YamlException e) {
      return Stream.empty();
    }
  }

  private static void addPod(JsonNode object, List<ObjectNode> pods) {
    var template =
        PodTemplate.of(object.path("apiVersion").asText(), object.path("kind").asText())
            .map(place -> object.at(place.path().pointer()))
            .filter(part -> part.path("spec").isObject());
    if (template.isPresent()) {
      var pod = JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "Pod");
      pod.set("metadata", template.get().path("metadata").deepCopy());
      pod.set("spec", template.get().path("spec").deepCopy());
      pod.withObject("/metadata").put("name", "pod-" + pods.size()).remove("namespace");
      for (var claim : object.at("/spec/volumeClaimTemplates")) {
        var name = claim.at("/metadata/name").asText();
        var volumes = pod.withObject("/spec").withArray("/volumes");
        volumes.removeIf(volume -> volume.path("name").asText().equals(name));
        volumes
            .addObject()
            .put("name", name)
            .putObject("persistentVolumeClaim")
            .put("claimName", name);
      }
      pods.add(pod);
    }
  }
}
