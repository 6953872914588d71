package dev.gambeson.verdict;

import dev.gambeson.pod.PodTraits;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The fixes that a pod's author asked to skip, by the annotation {@value #ANNOTATION}: names of
 * rules, separated by commas.
 *
 * @param granted those that the profile lists as skippable
 * @param refused the others
 */
public record SkippedFixes(Set<String> granted, Set<String> refused) {
  public static final String ANNOTATION = "gambeson.dev/skip-fixes";

  /** No catalogue has so many rules, and nobody reads so many warnings. */
  private static final int MOST_REFUSED = 100;

  private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");

  /** Every fix of the profile, for a pod that is not to be fixed. */
  public static SkippedFixes all(Profile profile) {
    return new SkippedFixes(
        profile.rules().stream()
            .map(settings -> settings.rule().name())
            .collect(Collectors.toSet()),
        Set.of());
  }

  /** Reads what the pod asks for. */
  public static SkippedFixes of(Pod pod, Profile profile) {
    var asked = PodTraits.annotation(pod, ANNOTATION);
    if (asked.isEmpty()) {
      return new SkippedFixes(Set.of(), Set.of());
    }
    var granted = new TreeSet<String>();
    var refused = new TreeSet<String>();
    SEPARATOR
        .splitAsStream(asked.get())
        .filter(name -> !name.isEmpty())
        .forEach(name -> {
          if (profile.skippable().contains(name)) {
            granted.add(name);
          } else if (refused.size() < MOST_REFUSED) {
            refused.add(name);
          }
        });
    return new SkippedFixes(granted, refused);
  }

  /** What the author of the pod should know of those that were refused. */
  public List<String> notes(Profile profile) {
    return refused.stream()
        .map(rule ->
            "%s: profile \"%s\" does not let a pod skip %s"
                .formatted(ANNOTATION, profile.name(), rule))
        .toList();
  }
}
