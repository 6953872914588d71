package dev.gambeson.cli;

import dev.gambeson.cluster.ClusterObjects;
import dev.gambeson.cluster.UnreadableClusterException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that take what a live cluster holds for input. */
final class LiveCluster {
  @Spec(Spec.Target.MIXEE)
  CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--cluster",
      description =
          "Reads the workloads of a live cluster, with the rights of the kubeconfig's user, and changes nothing there.")
  boolean chosen;

  @Option(
      names = {"-A", "--all-namespaces"},
      description =
          "All namespaces of the cluster; without it and --namespace, the one of the kubeconfig's context.")
  boolean allNamespaces;

  /**
   * Reads it.
   *
   * @param namespace null where none is named
   * @throws CommandFailure if the cluster does not answer
   */
  ClusterObjects read(ClusterChoice cluster, @Nullable String namespace) {
    try {
      var where =
          allNamespaces ? null : namespace == null ? cluster.access().namespace() : namespace;
      return cluster.read(where, spec.commandLine().getErr());
    } catch (UnreadableClusterException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()));
    }
  }

  /** Refuses options that name a cluster where none is read, and files beside one. */
  void check(@Nullable String namespace, boolean namesFiles) {
    if (allNamespaces && !chosen) {
      throw usage("--all-namespaces is for --cluster");
    }
    if (allNamespaces && namespace != null) {
      throw usage("--all-namespaces and --namespace: give one of them");
    }
    if (chosen && namesFiles) {
      throw usage("--cluster and files: give one of them");
    }
  }

  /** Files, which must be named where no cluster is read. */
  List<String> requireFiles(List<String> names) {
    if (names.isEmpty()) {
      throw usage(
          "Which manifests? Name a FILE, a folder, or - for the standard input; --cluster reads a live cluster");
    }
    return names;
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
