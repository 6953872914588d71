package dev.gambeson.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.Command;
import dev.gambeson.yaml.YamlReader;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * A namespace moves to another profile, and what {@code review --compare} said of it comes true.
 */
@EndToEnd
class ComparedProfilesTest {
  private static final Path MANIFESTS = Path.of("src/test/resources/e2e/compared.yaml");
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Pattern RULE = Pattern.compile("\\[([A-Z][A-Za-z]+)]");
  private static final Pattern VOLUME = Pattern.compile("spec[.]volumes\\[([0-9]+)](.*)");

  private static final String CONFIGURATION =
      """
      profiles:
        standard:
          rules:
            Resources: {requests: {cpu: 1m, memory: 8Mi}}
            ShareProcessNamespace: {check: enforce}
        strict:
          rules:
            Resources: {requests: {memory: 24Mi, ephemeral-storage: 1Mi}, limits: {memory: 48Mi, ephemeral-storage: 16Mi}}
            ShareProcessNamespace: {check: audit}
      """;

  private static final String TIGHT =
      """
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: tight}
      spec: {hard: {requests.memory: 64Mi}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 3
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            terminationGracePeriodSeconds: 1
            containers: [{name: main, image: "busybox:nonroot", command: [sleep, "3600"]}]
      """;

  private final KubectlCluster cluster;
  private final Release release;

  ComparedProfilesTest(KubectlCluster cluster, Release release) {
    this.cluster = cluster;
    this.release = release;
  }

  @Test
  void whatIsForetoldComesTrue() throws Exception {
    var namespace = cluster.namespace();
    var tight = cluster.namespace();
    release.configure(CONFIGURATION);
    cluster.awaitVerdict(
        namespace,
        KubectlCluster.pod().build(),
        pod ->
            new Quantity("8Mi")
                .equals(
                    pod.getSpec()
                        .getContainers()
                        .getFirst()
                        .getResources()
                        .getRequests()
                        .get("memory")));
    var manifests = Files.readString(MANIFESTS);
    var templates = templates(manifests);
    cluster.apply(namespace, manifests);
    cluster.apply(tight, TIGHT);
    for (var workload : List.of("deployment/plain", "daemonset/agent", "deployment/hardened")) {
      cluster.awaitRollout(namespace, workload);
    }
    cluster.awaitRollout(namespace, "statefulset/root");
    cluster.awaitRollout(tight, "deployment/web");
    runNight(namespace);
    var refusedBefore = refused(namespace, templates);
    var podsBefore = pods(namespace);

    var foretold = compare(namespace);
    var foretoldInTight = compare(tight);

    for (var each : List.of(namespace, tight)) {
      cluster.kubectl("label", "namespace", each, "gambeson.dev/profile=strict");
      cluster.awaitVerdict(
          each,
          KubectlCluster.pod().build(),
          pod -> KubectlCluster.applied(pod).orElse("").contains("ReadOnlyRootFilesystem"));
    }
    var refusedAfter = refused(namespace, templates);
    recreate(namespace, podsBefore);
    var podsAfter = pods(namespace);

    var changes =
        foretold
            .path("changes")
            .valueStream()
            .collect(
                Collectors.toMap(
                    change -> change.path("object").asText().replaceFirst(".*/", ""),
                    change -> change));
    assertThat(changes).containsOnlyKeys("plain", "agent", "root", "shared", "night");
    for (var name : templates.keySet()) {
      var change = changes.getOrDefault(name, MAPPER.createObjectNode());
      requireRules(change.path("newlyRefused"), refusedBefore.get(name), refusedAfter.get(name));
      requireRules(change.path("noLongerRefused"), refusedAfter.get(name), refusedBefore.get(name));
      if (podsBefore.containsKey(name) && podsAfter.containsKey(name)) {
        requireFields(
            name,
            change,
            templates.get(name),
            podsBefore.get(name).getFirst(),
            podsAfter.get(name).getFirst());
      }
    }
    assertThat(changes.get("root").path("newlyRefused")).isNotEmpty();
    assertThat(podsAfter).doesNotContainKey("root").containsKey("shared");
    assertThat(changes.get("shared").path("noLongerRefused")).isNotEmpty();
    assertThat(changes.get("plain").path("newlyFixed").toString())
        .contains("RunAsNonRoot (may stop the image)", "Resources (may fail at runtime)");

    podsBefore.remove("root");
    assertThat(amounts(foretold)).isEqualTo(difference(podsBefore, podsAfter));
    assertThat(foretold.path("added").valueStream())
        .allMatch(added -> added.path("exceeded").isEmpty());
    requireTooTight(tight, foretoldInTight);
    release.configure("");
  }

  private JsonNode compare(String namespace) throws Exception {
    var compared =
        Command.run(
            Map.of(),
            "",
            List.of(
                "./gambeson",
                "review",
                "--cluster",
                "--namespace=" + namespace,
                "--compare",
                "standard",
                "strict",
                "--output=json"));
    assertThat(compared.exitCode()).as(compared.errors()).isZero();
    return MAPPER.readTree(compared.output());
  }

  /** The pods that the workloads describe, by the names of these. */
  private static Map<String, ObjectNode> templates(String manifests) throws Exception {
    var all = new LinkedHashMap<String, ObjectNode>();
    for (var document : YamlReader.readAll(manifests)) {
      for (var place : List.of("/spec/template", "/spec/jobTemplate/spec/template")) {
        if (document.value().at(place) instanceof ObjectNode template) {
          var pod = template.deepCopy();
          pod.put("apiVersion", "v1").put("kind", "Pod");
          pod.withObject("/metadata").put("name", "trial");
          all.put(document.value().at("/metadata/name").asText(), pod);
        }
      }
    }
    return all;
  }

  /** The rules for which the pods of each workload are refused. */
  private Map<String, Set<String>> refused(String namespace, Map<String, ObjectNode> templates) {
    var all = new TreeMap<String, Set<String>>();
    templates.forEach((name, template) -> {
      try {
        cluster.dryRun(namespace, MAPPER.convertValue(template, Pod.class));
        all.put(name, Set.of());
      } catch (KubernetesClientException e) {
        all.put(name, rules(String.valueOf(e.getMessage())));
      }
    });
    return all;
  }

  private static Set<String> rules(String text) {
    return RULE.matcher(text).results().map(match -> match.group(1)).collect(Collectors.toSet());
  }

  /** Requires that the rules are those for which pods are refused now and were not. */
  private static void requireRules(JsonNode foretold, Set<String> before, Set<String> now) {
    var expected = new TreeSet<>(now);
    expected.removeAll(before);
    assertThat(rules(foretold.toString())).isEqualTo(expected);
  }

  /** Lets each pod be created again: by a rollout, a run, or the controller of a deleted pod. */
  private void recreate(String namespace, Map<String, List<JsonNode>> pods) throws Exception {
    cluster.kubectl("rollout", "restart", "deployment/plain", "--namespace=" + namespace);
    cluster.kubectl("delete", "job/night-now", "--namespace=" + namespace);
    for (var name : List.of("agent", "hardened", "root")) {
      cluster.kubectl("delete", "pods", "--selector=app=" + name, "--namespace=" + namespace);
    }
    // The controller tries it again ever less often.
    cluster.kubectl("delete", "replicasets", "--selector=app=shared", "--namespace=" + namespace);
    runNight(namespace);
    for (var workload :
        List.of(
            "deployment/plain", "deployment/shared", "deployment/hardened", "daemonset/agent")) {
      cluster.awaitRollout(namespace, workload);
    }
    var old = names(pods);
    await()
        .atMost(KubectlCluster.PATIENCE)
        .untilAsserted(() -> {
          var now = pods(namespace);
          assertThat(now).containsOnlyKeys("agent", "hardened", "night", "plain", "shared");
          assertThat(names(now)).doesNotContainAnyElementsOf(old);
        });
    await()
        .atMost(KubectlCluster.PATIENCE)
        .untilAsserted(() ->
            assertThat(cluster.describe(namespace, "statefulset"))
                .contains("denied the request", "RunAsNonRoot"));
  }

  private static List<String> names(Map<String, List<JsonNode>> pods) {
    return pods.values().stream().flatMap(List::stream).map(ComparedProfilesTest::name).toList();
  }

  private static String name(JsonNode pod) {
    return pod.at("/metadata/name").asText();
  }

  private void runNight(String namespace) throws Exception {
    cluster.kubectl(
        "create", "job", "night-now", "--from=cronjob/night", "--namespace=" + namespace);
    cluster.kubectl(
        "wait",
        "--for=condition=Complete",
        "job/night-now",
        "--namespace=" + namespace,
        "--timeout=%ds".formatted(KubectlCluster.PATIENCE.toSeconds()));
  }

  /** The pods of a namespace, those that are about to go left out, by their label. */
  private Map<String, List<JsonNode>> pods(String namespace) throws Exception {
    var list =
        MAPPER.readTree(
            cluster.kubectl("get", "pods", "--namespace=" + namespace, "--output=json"));
    return list.path("items")
        .valueStream()
        .filter(pod -> !pod.at("/metadata").has("deletionTimestamp"))
        .collect(
            Collectors.groupingBy(
                pod -> pod.at("/metadata/labels/app").asText(), TreeMap::new, Collectors.toList()));
  }

  /** Requires that the fields that are foretold have changed to these values, and no others. */
  private static void requireFields(
      String workload, JsonNode change, JsonNode template, JsonNode before, JsonNode after) {
    var old = settings(before);
    var now = settings(after);
    var gone = new TreeSet<>(old);
    gone.removeAll(now);
    var added = new TreeSet<>(now);
    added.removeAll(old);
    assertThat(foretold(change, "before", template)).as(workload + " before").isEqualTo(gone);
    assertThat(foretold(change, "after", template)).as(workload + " after").isEqualTo(added);
  }

  private static Set<String> foretold(JsonNode change, String which, JsonNode template) {
    var all = new TreeSet<String>();
    for (var field : change.path("fields")) {
      var value = field.path(which);
      var path = field.path("path").asText().replaceFirst("^spec[.].*?template[.]", "");
      var volume = VOLUME.matcher(path);
      if (!volume.matches()) {
        add(path.replaceFirst("\\[[0-9]+]$", "[]"), value, all);
        continue;
      }
      var volumes = template.at("/spec/volumes");
      int position = Integer.parseInt(volume.group(1));
      if (position < volumes.size()) {
        var name = volumes.path(position).path("name").asText();
        add("spec.volumes[" + name + "]" + volume.group(2), value, all);
      } else if (volume.group(2).isEmpty() && !value.isNull()) {
        add("spec.volumes[" + value.path("name").asText() + "]", value, all);
      }
    }
    return all;
  }

  /** Each value in a pod's spec, with its path. Volumes go by their names. */
  private static Set<String> settings(JsonNode pod) {
    var all = new TreeSet<String>();
    ObjectNode spec = pod.path("spec").deepCopy();
    spec.remove("nodeName");
    add("spec", spec, all);
    all.removeIf(setting -> setting.contains("kube-api-access-"));
    return all;
  }

  private static void add(String path, JsonNode value, Set<String> all) {
    if (value.isObject() && !path.endsWith("[]")) {
      value.properties().forEach(field -> add(path + "." + field.getKey(), field.getValue(), all));
    } else if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        var element = value.path(i);
        add(path + "[" + place(path, i, element) + "]", element, all);
      }
    } else if (!value.isNull()) {
      all.add(path + "=" + value);
    }
  }

  /** Of containers their position; other elements may stand anywhere in their list. */
  private static String place(String list, int position, JsonNode element) {
    return list.endsWith("ontainers")
        ? Integer.toString(position)
        : list.equals("spec.volumes") ? element.path("name").asText() : "";
  }

  private static Map<String, BigDecimal> amounts(JsonNode foretold) {
    var all = new TreeMap<String, BigDecimal>();
    for (var added : foretold.path("added")) {
      all.put(
          added.path("resource").asText(),
          new BigDecimal(added.path("amount").asText()).stripTrailingZeros());
    }
    return all;
  }

  /** What some pods ask for more than others. */
  private static Map<String, BigDecimal> difference(
      Map<String, List<JsonNode>> before, Map<String, List<JsonNode>> after) {
    var all = sum(after);
    sum(before)
        .forEach((resource, amount) -> all.merge(resource, amount.negate(), BigDecimal::add));
    all.values().removeIf(amount -> amount.signum() == 0);
    all.replaceAll((resource, amount) -> amount.stripTrailingZeros());
    return all;
  }

  private static Map<String, BigDecimal> sum(Map<String, List<JsonNode>> pods) {
    var all = new TreeMap<String, BigDecimal>();
    pods.values().stream()
        .flatMap(List::stream)
        .forEach(pod -> {
          var ofPod = new TreeMap<String, BigDecimal>();
          for (var container : pod.at("/spec/containers")) {
            amountsOf(container)
                .forEach((name, amount) -> ofPod.merge(name, amount, BigDecimal::add));
          }
          for (var container : pod.at("/spec/initContainers")) {
            amountsOf(container)
                .forEach((name, amount) -> ofPod.merge(name, amount, BigDecimal::max));
          }
          ofPod.forEach((name, amount) -> all.merge(name, amount, BigDecimal::add));
        });
    return all;
  }

  private static Map<String, BigDecimal> amountsOf(JsonNode container) {
    var all = new TreeMap<String, BigDecimal>();
    for (var kind : container.path("resources").properties()) {
      for (var resource : kind.getValue().properties()) {
        all.put(
            kind.getKey() + "." + resource.getKey(),
            Quantity.getAmountInBytes(new Quantity(resource.getValue().asText())));
      }
    }
    return all;
  }

  /** Two of three pods have room once each asks for more. */
  private void requireTooTight(String namespace, JsonNode foretold) throws Exception {
    assertThat(foretold.path("added").valueStream())
        .filteredOn(added -> !added.path("exceeded").isEmpty())
        .singleElement()
        .satisfies(added -> {
          assertThat(added.path("resource").asText()).isEqualTo("requests.memory");
          assertThat(added.path("exceeded").toString()).contains("tight: 24Mi of 64Mi are used");
        });
    // What pods use of a quota is counted anew, and late, when one is deleted: so the new ones are
    // not created while old ones go.
    cluster.kubectl("scale", "deployment/web", "--replicas=0", "--namespace=" + namespace);
    await()
        .atMost(KubectlCluster.PATIENCE)
        .untilAsserted(() -> {
          assertThat(cluster.kubectl("get", "pods", "--namespace=" + namespace, "--output=name"))
              .isEmpty();
          assertThat(used(namespace)).isEqualTo("0");
        });
    cluster.kubectl("scale", "deployment/web", "--replicas=3", "--namespace=" + namespace);
    await()
        .atMost(KubectlCluster.PATIENCE)
        .untilAsserted(() -> {
          assertThat(pods(namespace).getOrDefault("web", List.of())).hasSize(2);
          assertThat(cluster.describe(namespace, "replicaset")).contains("exceeded quota: tight");
        });
  }

  private String used(String namespace) throws Exception {
    return cluster.kubectl(
        "get",
        "resourcequota/tight",
        "--namespace=" + namespace,
        "--output=jsonpath={.status.used.requests\\.memory}");
  }
}
