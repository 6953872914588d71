package dev.gambeson.pod;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the admission plugin LimitRanger says that it wrote into a pod: {@code LimitRanger plugin
 * set: cpu, memory request for container web; memory limit for init container migrate}. It runs
 * again after the webhooks, and then gives the same resources to containers that came in between.
 */
public final class LimitRanger {
  private static final String ANNOTATION = "kubernetes.io/limit-ranger";
  private static final String BEGINNING = "LimitRanger plugin set: ";

  private LimitRanger() {}

  /**
   * The names of the resources that it gave any container of the pod; none where the annotation is
   * not its own. Anyone may write the annotation.
   */
  public static Set<String> resources(Pod pod) {
    var text = PodTraits.annotation(pod, ANNOTATION).orElse("");
    if (!text.startsWith(BEGINNING)) {
      return Set.of();
    }
    var names = new HashSet<String>();
    for (var part : text.substring(BEGINNING.length()).split("; ", -1)) {
      int end = Math.max(part.indexOf(" request for "), part.indexOf(" limit for "));
      if (end < 0) {
        return Set.of();
      }
      names.addAll(List.of(part.substring(0, end).split(", ", -1)));
    }
    return names;
  }
}
