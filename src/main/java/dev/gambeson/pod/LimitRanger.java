package dev.gambeson.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the admission plugin LimitRanger says that it wrote into a pod: {@code LimitRanger plugin
 * set: cpu, memory request for container web; memory limit for init container migrate}. It runs
 * again after the webhooks, and then gives the same resources to containers that came in between.
 */
public final class LimitRanger {
  private static final String ANNOTATION = "kubernetes.io/limit-ranger";
  private static final String PREFIX = "LimitRanger plugin set: ";

  private static final Pattern PART =
      Pattern.compile(
          "(?<resources>.+) (?<list>request|limit) for (?:init )?container (?<container>\\S+)");

  private LimitRanger() {}

  /**
   * The names of the resources that it gave any container of the pod. A part of the annotation
   * counts only if its container has every quantity that the part names: anyone may write the
   * annotation, and a copied one can outlast what it tells of.
   */
  public static Set<String> resources(Pod pod) {
    var text = PodTraits.annotation(pod, ANNOTATION).orElse("");
    if (!text.startsWith(PREFIX)) {
      return Set.of();
    }
    var index = new PodIndex(pod);
    var found = new HashSet<String>();
    for (var part : text.substring(PREFIX.length()).split("; ", -1)) {
      var match = PART.matcher(part);
      if (match.matches()) {
        var named = List.of(match.group("resources").split(", ", -1));
        index
            .container(match.group("container"))
            .map(ref -> quantities(ref.container().getResources(), match.group("list")))
            .filter(quantities -> quantities.keySet().containsAll(named))
            .ifPresent(quantities -> found.addAll(named));
      }
    }
    return found;
  }

  private static Map<String, ?> quantities(@Nullable ResourceRequirements resources, String list) {
    var quantities =
        resources == null
            ? null
            : list.equals("limit") ? resources.getLimits() : resources.getRequests();
    return quantities == null ? Map.of() : quantities;
  }
}
