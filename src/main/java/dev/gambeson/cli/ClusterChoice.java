package dev.gambeson.cli;

import dev.gambeson.cluster.ClusterAccess;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which cluster, and who reads it. */
final class ClusterChoice {
  @Option(
      names = "--context",
      paramLabel = "NAME",
      description =
          "The context of the kubeconfig that names the cluster (default: the current one).")
  @Nullable String context;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "The kubeconfig (default: the one that kubectl uses).")
  @Nullable Path kubeconfig;

  ClusterAccess access() {
    return new ClusterAccess(kubeconfig, context);
  }

  boolean isMade() {
    return context != null || kubeconfig != null;
  }
}
