package dev.gambeson.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  private String file(String name, String text) throws IOException {
    var file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text).toString();
  }
}
