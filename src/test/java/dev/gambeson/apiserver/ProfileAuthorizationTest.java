package dev.gambeson.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.Command;
import dev.gambeson.apiserver.Cluster.Registered;
import dev.gambeson.charts.Chart;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With the chart's policy, a namespace's profile is chosen by those who may use it. */
@ExtendWith(ClusterExtension.class)
class ProfileAuthorizationTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String ALICE = "--as=alice";

  /** Alice looks after namespaces, and may use one profile. */
  private static final String RIGHTS =
      """
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: profile-authorization-test}
      rules:
      - apiGroups: [""]
        resources: [namespaces, namespaces/status, namespaces/finalize]
        verbs: [get, create, update, patch]
      - apiGroups: [gambeson.dev]
        resources: [profiles]
        resourceNames: [strict]
        verbs: [use]
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRoleBinding
      metadata: {name: profile-authorization-test}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: profile-authorization-test}
      subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: alice}]
      """;

  private static final String MANIFEST =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: new-namespace, labels: {gambeson.dev/profile: %s}}
      """;

  private static final Pattern CHECKS =
      Pattern.compile(
          "(?m)^apiserver_validating_admission_policy_check_total\\{.*policy=\"gambeson.default\".*} (\\d+)$");

  private static String policy = "";

  private final Cluster cluster;

  ProfileAuthorizationTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  static void install(Cluster cluster) throws Exception {
    var items = MAPPER.createObjectNode().put("apiVersion", "v1").put("kind", "List");
    Chart.objects(Chart.render("default", "profileAuthorization: {enabled: true}")).stream()
        .filter(object -> object.path("kind").asText().startsWith("ValidatingAdmissionPolicy"))
        .forEach(items.withArray("items")::add);
    policy = items.toString();
    cluster.kubectl().succeed(policy, "create", "--filename=-");
    cluster.kubectl().succeed(RIGHTS, "create", "--filename=-");
    var forbidden = MANIFEST.formatted("observe");
    await("the policy to be in force")
        .atMost(Cluster.PATIENCE)
        .until(() -> create(cluster, forbidden).exitCode() != 0);
  }

  @AfterAll
  static void uninstall(Cluster cluster) throws IOException, InterruptedException {
    cluster.kubectl().succeed(policy, "delete", "--filename=-");
    cluster.kubectl().succeed(RIGHTS, "delete", "--filename=-");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/status", "/finalize"})
  void aProfileIsSetByWhoMayUseItWhateverTheSubresource(String subresource)
      throws IOException, InterruptedException {
    var namespace = cluster.namespace(Registered.NOT, Map.of());

    var refused = put(namespace, subresource, "observe");
    assertThat(refused.exitCode()).isNotZero();
    assertThat(refused.errors())
        .contains("may not use the profile \"observe\"", "profiles.gambeson.dev/observe");

    var allowed = put(namespace, subresource, "strict");
    assertThat(allowed.exitCode()).as(allowed.errors()).isZero();
    assertThat(cluster.client().namespaces().withName(namespace).get().getMetadata().getLabels())
        .as("labels change by the subresource too")
        .containsEntry(Webhooks.PROFILE, "strict");
  }

  @Test
  void whoTakesTheLabelAwayChoosesTheDefaultProfile() throws IOException, InterruptedException {
    var namespace = cluster.namespace("strict", Registered.NOT);

    assertThat(label(cluster, namespace, Webhooks.PROFILE + "-").errors())
        .contains("may not use the profile \"standard\"");
  }

  @Test
  void otherLabelsAreNoneOfItsBusiness() throws IOException, InterruptedException {
    var namespace = cluster.namespace("observe", Registered.NOT);
    long before = judged();

    var labelled = label(cluster, namespace, "team=a");
    assertThat(labelled.exitCode()).as(labelled.errors()).isZero();
    assertThat(judged()).isEqualTo(before);
  }

  /** How many changes have reached the policy. */
  private long judged() {
    return CHECKS
        .matcher(cluster.client().raw("/metrics"))
        .results()
        .mapToLong(line -> Long.parseLong(line.group(1)))
        .sum();
  }

  @Test
  void aNewNamespaceIsUnderTheSameRule() throws IOException, InterruptedException {
    assertThat(create(cluster, MANIFEST.formatted("observe")).errors())
        .contains("may not use the profile \"observe\"");
    assertThat(create(cluster, MANIFEST.formatted("strict")).exitCode()).isZero();
  }

  private static Command.Result create(Cluster cluster, String manifest)
      throws IOException, InterruptedException {
    return cluster.kubectl().run(manifest, "create", "--dry-run=server", "--filename=-", ALICE);
  }

  private static Command.Result label(Cluster cluster, String namespace, String label)
      throws IOException, InterruptedException {
    return cluster.kubectl().run("", "label", "namespace", namespace, label, ALICE);
  }

  private Command.Result put(String namespace, String subresource, String profile)
      throws IOException, InterruptedException {
    var object =
        (ObjectNode)
            MAPPER.readTree(
                cluster.kubectl().succeed("", "get", "namespace", namespace, "--output=json"));
    object.withObject("/metadata/labels").put(Webhooks.PROFILE, profile);
    return cluster
        .kubectl()
        .run(
            object.toString(),
            "replace",
            "--raw=/api/v1/namespaces/" + namespace + subresource,
            "--filename=-",
            ALICE);
  }
}
