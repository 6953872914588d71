package dev.gambeson.rules;

import static dev.gambeson.rule.PodSecurityLevel.BASELINE;

import dev.gambeson.pod.ImageReference;
import dev.gambeson.pod.PodIndex;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Violation;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

@Doc(
    """
    Refuses containers that have all rights on their node.

    **Field:** `securityContext.privileged` of every container. **Allowed:** absent, `false`.

    There is no fix: a container that works privileged seldom works without, and only its author
    knows which capability it needs.

    **Exemptions** are bounded by `images`. Nothing else that a pod says bounds what a privileged
    container may do: it reaches every device, path and process of its node, whatever its mounts and
    capabilities are, and labels and names of containers are its author's choice. What remains to
    say is whose code it is. So each pattern names a registry and a repository,
    `registry.example/agents/*` for example; it bounds something only where no stranger can push to
    these.

    **Standard:** Pod Security "baseline", every version.
    """)
record Privileged() implements Rule.Bounded<Privileged.Values> {
  private static final Pattern IMAGE = Pattern.compile("[^*/]+/[^*]*[^*/].*");

  /** What an exemption may let containers be privileged for. */
  record Values(
      @Doc(
              "the images that may run privileged, with registry and repository; `*` stands for any"
                  + " characters, but not in the registry")
          List<String> images) {
    Values {
      images = List.copyOf(images);
      if (images.isEmpty()) {
        throw new IllegalArgumentException(
            "images: is empty: write registry.example/agents/* for example");
      }
      for (var image : images) {
        if (!IMAGE.matcher(image).matches()) {
          throw new IllegalArgumentException(
              "images: \""
                  + image
                  + "\" does not begin with a registry and a repository: write"
                  + " registry.example/agents/* for example");
        }
      }
    }
  }

  @Override
  public Set<PodSecurityLevel> controls() {
    return Set.of(BASELINE);
  }

  @Override
  public String atRisk() {
    return "it needs to be privileged";
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    for (var container : containersOf(pod)) {
      if (container.isPrivileged()) {
        violations
            .at(container, container.path("securityContext", "privileged"))
            .level(BASELINE)
            .found("true")
            .wanted("false")
            .remedy(false);
      }
    }
  }

  @Override
  public Class<Values> values() {
    return Values.class;
  }

  @Override
  public Optional<Violation> remainder(List<Values> granted, Violation violation, PodIndex pod) {
    var container = pod.containerAt(violation.path()).orElseThrow();
    return granted.stream().anyMatch(values -> container.hasImageLike(values.images()))
        ? Optional.empty()
        : Optional.of(violation);
  }

  @Override
  public List<Values> tightestBounds(List<Violation> violations, PodIndex pod) {
    var images =
        violations.stream()
            .flatMap(violation -> pod.containerAt(violation.path()).stream())
            .flatMap(container -> ImageReference.parse(container.image()).stream())
            .map(ImageReference::toString)
            .distinct()
            .toList();
    return images.isEmpty() ? List.of() : List.of(new Values(images));
  }
}
