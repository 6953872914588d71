package dev.gambeson.rule;

import dev.gambeson.pod.Glob;
import dev.gambeson.pod.PodSelector;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;

/** An entry of a rule's options that is meant for some pods of some namespaces. */
public interface Selecting {
  /** The pods, by their labels. */
  PodSelector pods();

  /** Globs of the namespaces; empty for all. */
  List<String> namespaces();

  /** Whether the entry is meant for the pod. */
  default boolean selects(Pod pod, Scope scope) {
    return pods().matches(pod)
        && (namespaces().isEmpty() || Glob.anyMatches(namespaces(), scope.namespace()));
  }
}
