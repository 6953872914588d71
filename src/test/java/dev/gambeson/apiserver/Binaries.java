package dev.gambeson.apiserver;

import static io.fabric8.kubeapitest.KubeAPIServerConfigBuilder.anAPIServerConfig;

import io.fabric8.kubeapitest.KubeAPITestException;
import io.fabric8.kubeapitest.binary.BinaryManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The components of Kubernetes that {@code e2e/binaries} has installed. */
record Binaries(BinaryManager manager) {
  /** What fabric8's own download of an API server has, and nothing else. */
  static final List<String> API_SERVER = List.of("etcd", "kube-apiserver", "kubectl");

  private static final Path MODULE = Path.of("e2e", "kubernetes", "go.mod");
  private static final Pattern VERSION =
      Pattern.compile("^\\s*k8s\\.io/kubernetes v(\\S+)$", Pattern.MULTILINE);

  /** Empty where those of the API server are not all there. */
  static Optional<Binaries> installed() {
    var manager =
        new BinaryManager(
            anAPIServerConfig().withOfflineMode(true).withApiServerVersion(version()).build());
    try {
      manager.initAndDownloadIfRequired();
    } catch (KubeAPITestException e) {
      return Optional.empty();
    }
    return Optional.of(new Binaries(manager)).filter(found -> found.missing(API_SERVER).isEmpty());
  }

  /** Those of some commands that are not installed. */
  List<String> missing(Collection<String> names) {
    return names.stream().filter(name -> !Files.isExecutable(command(name))).toList();
  }

  Path command(String name) {
    return manager.binaries().getKubectl().toPath().resolveSibling(name);
  }

  private static String version() {
    try {
      return VERSION
          .matcher(Files.readString(MODULE))
          .results()
          .map((MatchResult version) -> version.group(1))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no k8s.io/kubernetes in " + MODULE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
