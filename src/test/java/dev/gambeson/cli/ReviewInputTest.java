package dev.gambeson.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code review} reads. */
class ReviewInputTest {
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - {name: web, image: nginx}
      """;

  @TempDir Path folder;

  @Test
  void filesAreNamedAsKubectlNamesThem() throws IOException {
    var a = file("a.yaml", POD);
    file("k8s/b.yaml", POD.replace("name: web}", "name: other, namespace: shop}"));

    var review =
        Invocation.of(
            "review", a, "-f", folder.resolve("k8s").toString(), "-n", "prod", "-p", "strict");

    assertThat(review.err()).isEmpty();
    assertThat(review.out()).contains("Pod prod/web", "Pod shop/other").contains("strict");
  }

  @Test
  void whatHoldsNothingIsSaidAndNoError() throws IOException {
    var empty = file("empty.yaml", "");

    var review = Invocation.of("review", "--output", "yaml", empty);

    assertThat(review.exitCode()).isZero();
    assertThat(review.out()).isEmpty();
    assertThat(review.err()).isEqualTo(empty + ": there is no Kubernetes object in it\n");
  }

  @Test
  void filesForOtherProgramsAreNoPartOfTheYaml() throws IOException {
    file("a.yaml", POD);
    file("values.yaml", "replicas: 1\n");

    assertThat(Invocation.of("review", "-o", "yaml", folder.toString()).out())
        .contains("kind: Pod")
        .doesNotContain("replicas");
  }

  @Test
  void whatCannotBeReadLeavesTheRestJudged() throws IOException {
    var review = Invocation.of("review", file("a.yaml", POD), folder.resolve("missing").toString());

    assertThat(review.exitCode()).isEqualTo(2);
    assertThat(review.out()).contains("Pod default/web");
    assertThat(review.err()).isEqualTo(folder.resolve("missing") + ": no such file\n");
  }

  private static final String RAY_CLUSTER =
      """
      apiVersion: ray.io/v1
      kind: RayCluster
      metadata: {name: ray, namespace: shop}
      spec:
        headGroupSpec:
          template:
            spec:
              containers:
              - {name: head, image: ray}
        workerGroupSpecs:
        - template:
            spec:
              containers:
              - name: worker
                image: ray
                securityContext: {privileged: true}
      """;

  @Test
  void everyTemplateOfAnotherKindIsJudgedWhereItStands() throws IOException {
    var review = Invocation.of("review", "-o", "json", file("a.yaml", RAY_CLUSTER));

    assertThat(review.exitCode()).isEqualTo(1);
    assertThat(review.json().path("reviews")).hasSize(2);
    assertThat(review.json().at("/reviews/0/allowed").asBoolean()).isTrue();
    assertThat(review.json().at("/reviews/0/template").asText())
        .isEqualTo("spec.headGroupSpec.template");
    assertThat(review.json().at("/reviews/1/violations/0/path").asText())
        .isEqualTo(
            "spec.workerGroupSpecs[0].template.spec.containers[0].securityContext.privileged");
    assertThat(Invocation.of("review", file("a.yaml", RAY_CLUSTER)).out())
        .contains("RayCluster shop/ray, spec.headGroupSpec.template")
        .contains("RayCluster shop/ray, spec.workerGroupSpecs[0].template")
        .contains(
            "To fix, set below spec.workerGroupSpecs[0].template:\n  spec:\n    containers:\n")
        .contains("a.yaml:16: set it to false");
  }

  @Test
  void anObjectOfAnotherKindIsNeverFixed() throws IOException {
    var file = file("a.yaml", RAY_CLUSTER + "---\n" + POD);

    var yaml = Invocation.of("review", "-o", "yaml", file);

    assertThat(yaml.out()).startsWith(RAY_CLUSTER + "---\n").contains("type: RuntimeDefault");
    assertThat(yaml.err())
        .isEqualTo("left as they are: 2 RayCluster; their pods are fixed when they are created\n");
    assertThat(Invocation.of("review", "-o", "diff", file).out())
        .contains("+    seccompProfile:")
        .doesNotContain("+        ");
  }

  @Test
  void aWorkloadOfAnotherObjectIsJudgedThere() throws IOException {
    var owned =
        RAY_CLUSTER.replace(
            "namespace: shop",
            "namespace: shop, ownerReferences: [{apiVersion: a/v1, kind: RayJob, name: j, uid: u, controller: true}]");

    var review = Invocation.of("review", file("a.yaml", owned));

    assertThat(review.exitCode()).isZero();
    assertThat(review.out()).contains("Passed over: 1 RayCluster\n");
  }

  @Test
  void whatIsPassedOverIsCountedByKindAndNamedWhereAllIsTold() throws IOException {
    var others =
        """
        apiVersion: v1
        kind: List
        items:
        - {apiVersion: v1, kind: Service, metadata: {name: a, namespace: shop}}
        - {apiVersion: v1, kind: ConfigMap, metadata: {name: b}, data: {x: "kind: Pod"}}
        - {apiVersion: v1, kind: Service, metadata: {name: c}}
        """;
    var file = file("a.yaml", others);

    assertThat(Invocation.of("review", file).out())
        .startsWith("Passed over: 2 Service, 1 ConfigMap\n");
    assertThat(Invocation.of("review", "--verbose", file).out())
        .contains("a.yaml:4: Service shop/a\n", "a.yaml:5: ConfigMap b\n", "a.yaml:6: Service c\n");
    assertThat(Invocation.of("review", "--quiet", file).out()).doesNotContain("Service");
  }

  @Test
  void whatCannotBeReadAsAPodIsNotOne() throws IOException {
    var other = RAY_CLUSTER.replace("securityContext: {privileged: true}", "env: {A: b}");

    var review = Invocation.of("review", "-o", "json", file("a.yaml", other));

    assertThat(review.err()).doesNotContain("must be");
    assertThat(review.json().path("reviews")).hasSize(1);
  }

  @Test
  void anObjectWithAHundredTemplatesIsTooMuch() throws IOException {
    var template = "- template: {spec: {containers: [{name: a, image: b}]}}\n";
    var many =
        """
        apiVersion: example.com/v1
        kind: Farm
        metadata: {name: a}
        spec:
        """
            + template.repeat(101);

    var review = Invocation.of("review", file("a.yaml", many));

    assertThat(review.exitCode()).isEqualTo(2);
    assertThat(review.err()).contains("Farm default/a: describes more than 100 pods");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "v1 | pod | Pod | v1",
        "v1 | Pods | Pod | v1",
        "v1 | Deployment | Deployment | apps/v1",
        "v1 | list | List | v1",
        "apps/v1 | deployment | Deployment | apps/v1",
        "apps/v1 | Deployments | Deployment | apps/v1",
        "app/v1 | Deployment | Deployment | apps/v1",
        "apps/v1 | Pod | Pod | v1",
        "batch/v1 | Cronjob | CronJob | batch/v1",
        "apps/v1 | StatefullSet | StatefulSet | apps/v1",
      })
  void aMisspeltKindIsAnErrorThatNamesTheRightOne(
      String apiVersion, String kind, String meant, String where) throws IOException {
    var text =
        POD.replace("apiVersion: v1\nkind: Pod", "apiVersion: " + apiVersion + "\nkind: " + kind);

    var review = Invocation.of("review", file("a.yaml", text));

    assertThat(review.exitCode()).isEqualTo(2);
    assertThat(review.err())
        .endsWith(
            "a.yaml: document 1, line 2, column 7: there is no kind \"%s\" in %s, did you mean \"%s\" of %s?\n"
                .formatted(kind, apiVersion, meant, where));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v1 Node",
        "v1 Secret",
        "v1 Service",
        "v1 Event",
        "v1 Config",
        "v1 Namespace",
        "v1 List",
        "apps/v1 ControllerRevision",
        "autoscaling/v2 HorizontalPodAutoscaler",
        "policy/v1 PodDisruptionBudget",
        "extensions/v1beta1 Ingress",
        "rbac.authorization.k8s.io/v1 Role",
        "example.com/v1 pod",
        "apps.openshift.io/v1 Deployments"
      })
  void aKindThatDescribesNoPodPassesBy(String type) throws IOException {
    var words = type.split(" ", -1);
    var text = "apiVersion: " + words[0] + "\nkind: " + words[1] + "\nmetadata: {name: a}\n";

    assertThat(Invocation.of("review", file("a.yaml", text)).exitCode()).isZero();
  }

  private String file(String name, String text) throws IOException {
    var file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text).toString();
  }
}
