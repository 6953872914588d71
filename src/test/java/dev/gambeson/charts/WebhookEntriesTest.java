package dev.gambeson.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gambeson.yaml.YamlReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Laws of the webhook entries: who is judged, by which profile, and what an outage does. */
class WebhookEntriesTest {
  private static final String NAME = "kubernetes.io/metadata.name";
  private static final String PROFILE = "gambeson.dev/profile";
  private static final String LEVEL = "pod-security.kubernetes.io/enforce";
  private static final Pattern QUALIFIED =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?){2,}");

  private static final Pattern KIND = Pattern.compile("((changes\\.)?[a-z]+)\\.gambeson\\.dev$");

  private static final String CREATED_POD = "CREATE pods";
  private static final String UPDATED_POD = "UPDATE pods";
  private static final String CREATED_WORKLOAD = "CREATE deployments";
  private static final List<String> FIXED =
      List.of(CREATED_POD, UPDATED_POD, "CREATE cronjobs", "UPDATE cronjobs");
  private static final List<String> JUDGED =
      List.of(
          CREATED_POD,
          UPDATED_POD,
          "UPDATE pods/ephemeralcontainers",
          "UPDATE pods/resize",
          CREATED_WORKLOAD,
          "UPDATE deployments",
          "CREATE cronjobs");

  /** The only entry for the release's own namespace: on the ConfigMap. */
  private static final String CONFIGURATION = "configuration.gambeson.dev";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "selectableProfiles: [observe, standard, strict]",
        "{selectableProfiles: [own-1], configuration: {profiles: {own-1: {}}}}",
        "{configuration: {defaultProfile: strict}, webhook: {failurePolicy: {strict: Ignore}}}",
        "webhook: {infrastructureNamespaces: [], excludedNamespaces: []}",
      })
  void everyEntryKeepsTheLaws(String values) throws Exception {
    var mutating = entries(values, "Mutating");
    var all = new ArrayList<>(mutating);
    all.addAll(entries(values, "Validating"));

    assertThat(mutating).allMatch(entry -> "Ignore".equals(entry.path("failurePolicy").asText()));
    assertThat(all).extracting(entry -> entry.path("name").asText()).doesNotHaveDuplicates();
    assertThat(all)
        .allSatisfy(entry -> {
          assertThat(entry.path("name").asText()).matches(QUALIFIED);
          assertThat(entry.findValues("scope"))
              .isNotEmpty()
              .allMatch(scope -> "Namespaced".equals(scope.asText()));
          assertThat(entry.findValues("caBundle")).isEmpty();
          assertThat(selects(entry, Map.of(NAME, "kube-system"))).isFalse();
          assertThat(selects(entry, Map.of(NAME, Chart.NAMESPACE)))
              .isEqualTo(CONFIGURATION.equals(entry.path("name").asText()));
        });
  }

  @Test
  void everyNamespaceIsJudgedOnceByItsProfileAndLevel() throws Exception {
    var mutating = entries("", "Mutating");
    var validating = entries("", "Validating");
    for (var profile : List.of("", "strict", "standard", "observe", "strickt")) {
      for (var level : List.of("", "privileged", "baseline", "restricted", "basline")) {
        var path =
            "/%s/%s"
                .formatted(
                    List.of("strict", "standard").contains(profile) ? profile : "default",
                    List.of("baseline", "restricted").contains(level) ? level : "privileged");
        var shop = namespace("shop", profile, level);
        for (var fixed : FIXED) {
          assertThat(paths(mutating, shop, fixed))
              .as("%s in %s", fixed, shop)
              .containsExactly("/mutate" + path);
        }
        for (var judged : JUDGED) {
          assertThat(paths(validating, shop, judged))
              .as("%s in %s", judged, shop)
              .containsExactly("/validate" + path);
        }

        var network = namespace("calico-system", profile, level);
        var excluded = namespace("kube-public", profile, level);
        for (var fixed : FIXED) {
          assertThat(paths(mutating, network, fixed)).isEmpty();
          assertThat(paths(mutating, excluded, fixed)).isEmpty();
        }
        for (var judged : JUDGED) {
          assertThat(paths(validating, network, judged))
              .isEqualTo(judged.equals(CREATED_POD) ? List.of("/observe") : List.of());
          assertThat(paths(validating, excluded, judged)).isEmpty();
        }
      }
    }
  }

  @Test
  void onlyPodsOfNamespacesThatAskForItAreBehindFail() throws Exception {
    var failing =
        entries("", "Validating").stream()
            .filter(entry -> "Fail".equals(entry.path("failurePolicy").asText()))
            .toList();
    assertThat(failing)
        .hasSize(6)
        .allMatch(entry -> kind(entry).endsWith("validate"))
        .allMatch(entry -> !selects(entry, namespace("shop", "", "")))
        .anyMatch(entry -> selects(entry, namespace("shop", "strict", "")));
  }

  @Test
  void theFailurePolicyOfAProfileIsThatOfItsPodsEntries() throws Exception {
    var values =
        """
        configuration: {defaultProfile: strict}
        webhook: {failurePolicy: {standard: Fail, strict: Ignore}}
        """;
    var failing =
        entries(values, "Validating").stream()
            .filter(entry -> "Fail".equals(entry.path("failurePolicy").asText()))
            .map(entry -> entry.at("/clientConfig/service/path").asText());
    assertThat(failing).hasSize(6).allMatch(path -> path.startsWith("/validate/standard/"));
  }

  @Test
  void anObservedNamespaceIsSentToBothForTheConfigurationMayPutItElsewhere() throws Exception {
    var values = "selectableProfiles: [observe]";
    var shop = namespace("shop", "observe", "");
    var mutating = entries(values, "Mutating");
    var validating = entries(values, "Validating");
    for (var fixed : FIXED) {
      assertThat(paths(mutating, shop, fixed)).containsExactly("/mutate/observe/privileged");
    }
    for (var judged : JUDGED) {
      assertThat(paths(validating, shop, judged)).containsExactly("/validate/observe/privileged");
    }
  }

  @Test
  void whatIsExcludedIsNotObservedEither() throws Exception {
    var values =
        "webhook: {excludedNamespaces: [cilium], infrastructureNamespaces: [cilium, trident, "
            + Chart.NAMESPACE
            + "]}";
    var validating = entries(values, "Validating");
    for (var judged : JUDGED) {
      assertThat(paths(validating, namespace("trident", "", ""), judged))
          .isEqualTo(judged.equals(CREATED_POD) ? List.of("/observe") : List.of());
      for (var name : List.of("cilium", Chart.NAMESPACE)) {
        assertThat(paths(validating, namespace(name, "", ""), judged)).isEmpty();
      }
    }
  }

  @Test
  void onlyTheOldObjectTellsThatItIsBeingDeleted() throws Exception {
    var all = new ArrayList<>(entries("", "Mutating"));
    all.addAll(entries("", "Validating"));
    assertThat(all)
        .filteredOn(entry -> kind(entry).equals("workloads") || takes(entry, UPDATED_POD))
        .isNotEmpty()
        .allSatisfy(entry ->
            assertThat(expressions(entry).get("changed"))
                .startsWith("oldObject == null || has(request.subResource) || ")
                .contains("!has(oldObject.metadata.deletionTimestamp)")
                .doesNotContain("(object.metadata.deletionTimestamp"));
  }

  /** Evaluating them would take about a sixth of the API server's time for the pod. */
  @Test
  void noExpressionIsEvaluatedForACreatedPod() throws Exception {
    for (var type : List.of("Mutating", "Validating")) {
      assertThat(entries("", type))
          .filteredOn(entry -> takes(entry, CREATED_POD))
          .isNotEmpty()
          .allMatch(entry -> entry.path("matchConditions").isEmpty());
    }
  }

  @Test
  void theExampleAsksForTheSameAsTheChart() throws Exception {
    var byKind = new HashMap<String, JsonNode>();
    for (var type : List.of("Mutating", "Validating")) {
      entries("", type).forEach(entry -> byKind.put(kind(entry), asked(entry)));
    }
    var example =
        YamlReader.readAll(Files.readString(Path.of("e2e", "webhooks.yaml"))).stream()
            .flatMap(document -> document.value().path("webhooks").valueStream())
            .toList();
    assertThat(example)
        .hasSize(10)
        .allSatisfy(entry -> assertThat(asked(entry)).isEqualTo(byKind.get(kind(entry))));
  }

  @Test
  void workloadsAreJudgedOnlyWhereThatIsWanted() throws Exception {
    assertThat(entries("webhook: {workloads: false}", "Validating"))
        .isNotEmpty()
        .noneMatch(entry -> kind(entry).equals("workloads"));
  }

  @Test
  void aGivenAuthorityIsTrusted() throws Exception {
    var values = "certs: {mode: provided, provided: {secretName: tls, caBundle: pem}}";
    for (var type : List.of("Mutating", "Validating")) {
      assertThat(entries(values, type))
          .allMatch(entry -> "cGVt".equals(entry.at("/clientConfig/caBundle").asText()));
    }
  }

  private static List<JsonNode> entries(String values, String type) throws Exception {
    return Chart.object(values, type + "WebhookConfiguration")
        .path("webhooks")
        .valueStream()
        .toList();
  }

  /** The match conditions of an entry, by their names. */
  private static Map<String, String> expressions(JsonNode entry) {
    var expressions = new HashMap<String, String>();
    for (var condition : entry.path("matchConditions")) {
      expressions.put(condition.path("name").asText(), condition.path("expression").asText());
    }
    return expressions;
  }

  private static Map<String, String> namespace(String name, String profile, String level) {
    var labels = new HashMap<>(Map.of(NAME, name));
    if (!profile.isEmpty()) {
      labels.put(PROFILE, profile);
    }
    if (!level.isEmpty()) {
      labels.put(LEVEL, level);
    }
    return labels;
  }

  /** What an entry takes of the requests in its namespaces. */
  private static JsonNode asked(JsonNode entry) {
    var asked = JsonNodeFactory.instance.objectNode();
    asked.set("rules", entry.path("rules"));
    asked.set("matchConditions", entry.path("matchConditions"));
    return asked;
  }

  /**
   * Where a request in a namespace is sent.
   *
   * @param request {@code CREATE pods}
   */
  private static List<String> paths(
      List<JsonNode> entries, Map<String, String> labels, String request) {
    return entries.stream()
        .filter(entry -> takes(entry, request) && selects(entry, labels))
        .map(entry -> entry.at("/clientConfig/service/path").asText())
        .toList();
  }

  /** Whether the rules of an entry take a request. */
  private static boolean takes(JsonNode entry, String request) {
    var words = request.split(" ", 2);
    return entry
        .path("rules")
        .valueStream()
        .anyMatch(rule ->
            lists(rule.path("operations"), words[0]) && lists(rule.path("resources"), words[1]));
  }

  private static boolean lists(JsonNode list, String word) {
    return list.valueStream().anyMatch(each -> each.asText().equals(word));
  }

  /**
   * What an entry is for, by its name: {@code mutate}, {@code changes.mutate}, {@code validate},
   * {@code changes.validate}, {@code workloads}, {@code observe} or {@code configuration}.
   */
  private static String kind(JsonNode entry) {
    var kind = KIND.matcher(entry.path("name").asText());
    assertThat(kind.find()).isTrue();
    return kind.group(1);
  }

  /** Whether an entry's selector takes a namespace, as the API server evaluates it. */
  private static boolean selects(JsonNode entry, Map<String, String> labels) {
    return entry
        .at("/namespaceSelector/matchExpressions")
        .valueStream()
        .allMatch(expression -> {
          var label = labels.get(expression.path("key").asText());
          boolean listed =
              expression
                  .path("values")
                  .valueStream()
                  .anyMatch(value -> value.asText().equals(label));
          return switch (expression.path("operator").asText()) {
            case "In" -> listed;
            case "NotIn" -> !listed;
            default -> throw new IllegalStateException("unexpected " + expression);
          };
        });
  }
}
