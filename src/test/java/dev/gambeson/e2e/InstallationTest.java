package dev.gambeson.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the installation itself is, and what it may do. */
@EndToEnd
class InstallationTest {
  private static final Logger LOG = LoggerFactory.getLogger(InstallationTest.class);

  /** {@code | `secrets`, in the release's namespace | the release's | get, list | … |}. */
  private static final Pattern RIGHT =
      Pattern.compile("\\| (`[^|]+) \\| the release's \\| ([a-z, ]+) \\| [^|]+ \\|");

  private static final Pattern RESOURCE = Pattern.compile("`([a-z]+)`");

  private final KubectlCluster cluster;
  private final Release release;

  InstallationTest(KubectlCluster cluster, Release release) {
    this.cluster = cluster;
    this.release = release;
  }

  @Test
  void itsServiceAccountMayDoWhatTheChartsReadmeSaysAndNothingElse() throws Exception {
    var printed = rights(Release.NAME);
    LOG.info("kubectl auth can-i --list:\n{}", printed);
    var own = lines(printed);
    own.removeAll(lines(rights("nobody")));

    assertThat(own).isEqualTo(documented());
  }

  private String rights(String serviceAccount) throws Exception {
    return cluster.kubectl(
        "auth",
        "can-i",
        "--list",
        "--namespace=" + Release.NAMESPACE,
        "--as=system:serviceaccount:%s:%s".formatted(Release.NAMESPACE, serviceAccount),
        "--as-group=system:serviceaccounts",
        "--as-group=system:authenticated");
  }

  /** Its lines, with one space wherever there are more. */
  private static Set<String> lines(String table) {
    return table
        .lines()
        .skip(1)
        .map(line -> line.strip().replaceAll("\\s+", " "))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The table of rights in the chart's README, as kubectl would print them. */
  private Set<String> documented() throws Exception {
    var rights = new TreeSet<String>();
    var rows = RIGHT.matcher(Files.readString(Path.of("charts/gambeson/README.md")));
    while (rows.find()) {
      boolean inCluster = rows.group(1).contains("webhookconfigurations");
      var verbs = rows.group(2).replace(",", "");
      for (var resource : RESOURCE.matcher(rows.group(1)).results().toList()) {
        rights.add(
            inCluster
                ? "%s.admissionregistration.k8s.io [] [zz-gambeson.gambeson-system] [%s]"
                    .formatted(resource.group(1), verbs)
                : "%s [] [%s] [%s]".formatted(resource.group(1), Release.NAME, verbs));
      }
    }
    return rights;
  }

  /** Its own namespace is left out, so a copy of a replica stands for it elsewhere. */
  @Test
  void itsPodPassesItsOwnStrictProfileAndPodSecurityRestricted() throws Exception {
    var namespace =
        cluster.namespace(
            "gambeson.dev/profile=strict",
            "pod-security.kubernetes.io/enforce=restricted",
            "pod-security.kubernetes.io/enforce-version=latest");

    var created =
        cluster.client().pods().inNamespace(namespace).resource(copy("serve").build()).create();

    await()
        .atMost(KubectlCluster.PATIENCE)
        .until(() ->
            Readiness.isPodReady(
                cluster
                    .client()
                    .pods()
                    .inNamespace(namespace)
                    .withName(created.getMetadata().getName())
                    .get()));
  }

  /** A JVM ignores a cache that does not fit it, and starts slowly; it fails with this option. */
  @Test
  void itsImageHasACacheThatFitsItsJvm() throws Exception {
    var version =
        copy("version")
            .editSpec()
            .withRestartPolicy("Never")
            .editFirstContainer()
            .addNewEnv()
            .withName("JDK_JAVA_OPTIONS")
            .withValue("-XX:AOTMode=on")
            .endEnv()
            .endContainer()
            .endSpec()
            .build();
    var pods = cluster.client().pods().inNamespace(cluster.namespace());

    var created = pods.resource(version).create();

    var name = created.getMetadata().getName();
    var over = List.of("Succeeded", "Failed");
    await()
        .atMost(KubectlCluster.PATIENCE)
        .until(() -> over.contains(pods.withName(name).get().getStatus().getPhase()));
    assertThat(pods.withName(name).getLog()).contains("gambeson ").doesNotContain("error");
    assertThat(pods.withName(name).get().getStatus().getPhase()).isEqualTo("Succeeded");
  }

  /** A replica that stands for itself alone, and runs that command. */
  private PodBuilder copy(String command) {
    var spec = release.replicas().getFirst().getSpec();
    var container = spec.getContainers().getFirst();
    return new PodBuilder()
        .withNewMetadata()
        .withName(Release.NAME)
        .endMetadata()
        .withNewSpec()
        .withAutomountServiceAccountToken(false)
        .withSecurityContext(spec.getSecurityContext())
        .withVolumes(
            spec.getVolumes().stream().filter(volume -> volume.getEmptyDir() != null).toList())
        .addNewContainerLike(container)
        .withArgs(command)
        .withVolumeMounts(
            container.getVolumeMounts().stream()
                .filter(mount -> mount.getMountPath().equals("/tmp"))
                .toList())
        .endContainer()
        .endSpec();
  }
}
