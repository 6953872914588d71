package dev.gambeson.cli;

import dev.gambeson.cluster.ClusterAccess;
import dev.gambeson.cluster.ClusterObjects;
import dev.gambeson.cluster.ClusterProgress;
import dev.gambeson.cluster.UnreadableClusterException;
import java.io.PrintWriter;
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

  /**
   * Reads what the cluster holds; a terminal shows how far that is.
   *
   * @param namespace null for all
   * @throws UnreadableClusterException if the cluster does not answer
   */
  ClusterObjects read(@Nullable String namespace, PrintWriter errors)
      throws UnreadableClusterException {
    int columns = Terminal.errorColumns(System.getenv());
    if (columns == 0) {
      return ClusterObjects.read(access(), namespace, ClusterProgress.NONE);
    }
    try (var bar = new ProgressBar(errors, columns)) {
      return ClusterObjects.read(access(), namespace, bar);
    }
  }
}
