package dev.gambeson.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonCommandTest {
  private static final String MANIFESTS =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec:
        replicas: 3
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: web, image: nginx}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: root, namespace: shop}
      spec:
        containers:
        - {name: root, image: nginx, securityContext: {runAsUser: 0}, resources: {requests: {cpu: 1, memory: 1Gi}}}
      ---
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: small, namespace: shop}
      spec: {hard: {requests.cpu: "2"}}
      status: {used: {requests.cpu: 1900m}}
      """;

  @TempDir Path folder;
  private Path manifests = Path.of("");

  @BeforeEach
  void writeManifests() throws Exception {
    manifests = Files.writeString(folder.resolve("shop.yaml"), MANIFESTS);
  }

  @Test
  void theStricterProfileFixesAndRefusesMore() {
    var comparison =
        Invocation.of("review", "--compare", "standard", "strict", manifests.toString());

    assertThat(comparison.exitCode()).as(comparison.err()).isZero();
    assertThat(comparison.flow())
        .contains("newly fixed:", "RunAsNonRoot (may stop the image)")
        .contains("Pod shop/root newly refused: [RunAsNonRoot]", "newly refused: [RunAsUser]")
        .contains("1 newly refused, 0 no longer refused");
    assertThat(
            Invocation.of("review", "--compare", "strict", "standard", manifests.toString()).flow())
        .contains("Pod shop/root no longer refused: [RunAsNonRoot]")
        .contains("0 newly refused, 1 no longer refused");
  }

  @Test
  void whatFixesRequestIsHeldAgainstTheQuota() {
    var comparison =
        Invocation.of("review", "--compare", "observe", "standard", manifests.toString());

    assertThat(comparison.flow())
        .contains("shop requests.cpu +0.3 for all replicas")
        .contains("no room: ResourceQuota small: 1900m of 2 are used");
  }

  @Test
  void twoConfigurationsAreComparedByWhatTheyDo() throws Exception {
    var before = config("old", "100m");
    var after = config("new", "50m");

    var comparison =
        Invocation.of(
            "config", "diff", before.toString(), after.toString(), manifests.toString(), "--json");

    assertThat(comparison.exitCode()).as(comparison.err()).isZero();
    assertThat(comparison.json().path("changes")).isEmpty();
    assertThat(comparison.json().at("/added/0/resource").asText()).isEqualTo("requests.cpu");
    assertThat(comparison.json().at("/added/0/amount").asText()).isEqualTo("-0.15");
  }

  private Path config(String name, String cpu) throws Exception {
    return Files.writeString(
        folder.resolve(name),
        """
        apiVersion: gambeson.dev/v1alpha1
        kind: GambesonConfig
        profiles:
          standard:
            rules:
              Resources: {requests: {cpu: %s, memory: 128Mi}}
        """
            .formatted(cpu));
  }
}
