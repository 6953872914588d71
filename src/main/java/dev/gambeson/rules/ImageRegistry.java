package dev.gambeson.rules;

import dev.gambeson.pod.Glob;
import dev.gambeson.pod.ImageReference;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.ImageUse;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Violation;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;

@Doc(
    """
    Takes images from trusted registries only, and through the nearest mirror.

    **The fix changes what the author wrote:** an image whose name begins with the `from` of one of
    `mirrors` gets its `to` instead, up to a slash; tag and digest stay. The first entry that fits
    counts. Without `mirrors` nothing is changed.

    **Fields:** `image` of every container, and `image.reference` of `spec.volumes`. The fix leaves
    ephemeral containers as they are.

    **The check** reports images that no pattern of `allowed` fits, and references that cannot be
    read. Without `allowed` it reports nothing. It judges the pod after the rewriting, so `allowed`
    must name the mirrors.

    **Live pods:** an image that changes on a live pod is rewritten as well, where the mutating
    webhook is registered for `UPDATE` of `pods`; without that the check refuses it.

    Names are compared as container runtimes complete them: `nginx` is `docker.io/library/nginx`,
    `team/app` is `docker.io/team/app`. The registry must be the very same, port included:
    `registry.example.com/*` lets neither `registry.example.com.evil.org/app` nor
    `evil.org/registry.example.com/app` pass.

    **Mind:** a mirror that asks for credentials needs a pull secret in the pod, its service account
    or the node: the author's is for the other registry. Other rules see the mirror's name once a
    pod was fixed: let patterns like `exceptImages` of `LxcfsMounts` fit both names. Static pods
    start without any webhook. Where the nodes' runtime completes short names in another way (CRI-O
    with `unqualified-search-registries`), or redirects registries by itself, the webhook cannot see
    it.
    """)
record ImageRegistry(
    @Doc(
            "the images that pods may use: patterns of a registry and a repository, in which `*` stands for any characters"
                + " of the repository: `registry.example.com/*`, `docker.io/library/*`; empty for all")
        List<String> allowed,
    @Doc(
            "which names are rewritten, `{from: docker.io, to: mirror.example.com/docker.io}` for example: a registry, or a path"
                + " in one, and what stands in its place")
        List<Mirror> mirrors)
    implements Rule.FixesNewImages, Rule.Check {
  ImageRegistry {
    allowed = List.copyOf(allowed);
    mirrors = List.copyOf(mirrors);
    for (var pattern : allowed) {
      int slash = pattern.indexOf('/');
      if (slash < 0
          || pattern.lastIndexOf('*', slash) >= 0
          || !isName(pattern.replace("*", "x/x"))) {
        throw new IllegalArgumentException(
            "allowed: \""
                + pattern
                + "\" is not a registry and repository: write registry.example.com/* or"
                + " docker.io/library/nginx, for example");
      }
    }
    for (var mirror : mirrors) {
      if (!allowed.isEmpty() && allowed.stream().noneMatch(mirror::mayServe)) {
        throw new IllegalArgumentException(
            "mirrors: nothing in \"" + mirror.to() + "\" is among the images in allowed");
      }
      for (var other : mirrors) {
        if (isAtOrBelow(mirror.to(), other.from()) || isAtOrBelow(other.from(), mirror.to())) {
          throw new IllegalArgumentException(
              "mirrors: what goes to \""
                  + mirror.to()
                  + "\" could be rewritten again by from: \""
                  + other.from()
                  + "\"");
        }
      }
    }
  }

  ImageRegistry() {
    this(List.of(), List.of());
  }

  /**
   * Where images are taken from instead.
   *
   * @param from a registry, or a path in one
   * @param to likewise
   */
  record Mirror(String from, String to) {
    Mirror {
      requirePrefix("from", from);
      requirePrefix("to", to);
    }

    private static void requirePrefix(String option, String prefix) {
      if (!isName(prefix + "/x/x")) {
        throw new IllegalArgumentException(
            option
                + ": \""
                + prefix
                + "\" is not a registry, nor a path in one: write docker.io or"
                + " registry.example.com/team, for example");
      }
    }

    /** Whether the pattern fits any name at or below {@code to}. */
    boolean mayServe(String pattern) {
      var literal = pattern.substring(0, (pattern + "*").indexOf('*'));
      return isAtOrBelow(literal, to) || (to + "/").startsWith(literal);
    }

    Optional<ImageReference> apply(ImageReference image) {
      return isAtOrBelow(image.name(), from)
          ? image
              .named(to + image.name().substring(from.length()))
              .filter(moved -> isAtOrBelow(moved.name(), to))
          : Optional.empty();
    }
  }

  @Override
  public Risk risk() {
    return Risk.MAY_STOP_THE_IMAGE;
  }

  @Override
  public void fix(PodPatch patch, Scope scope) {
    for (var use : ImageUse.of(fixable(patch.pod(), scope), patch.pod())) {
      mirrored(use).ifPresent(image -> use.refer(patch, image.toString()));
    }
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    if (allowed().isEmpty()) {
      return;
    }
    for (var use : ImageUse.of(containersOf(pod), pod)) {
      var image = ImageReference.parse(use.reference());
      if (image.filter(known -> isAllowed(known)).isEmpty()) {
        use.atReference(violations)
            .wanted(use.wanted("an image of " + Violation.list(allowed(), ", ")))
            .allowed(allowed())
            .remedy(mirrored(use).map(ImageReference::toString).orElse(null));
      }
    }
  }

  private boolean isAllowed(ImageReference image) {
    return allowed().stream()
        .anyMatch(pattern -> {
          int slash = pattern.indexOf('/');
          return image.host().equals(pattern.substring(0, slash))
              && new Glob(pattern.substring(slash + 1)).matches(image.repository());
        });
  }

  private Optional<ImageReference> mirrored(ImageUse use) {
    return ImageReference.parse(use.reference())
        .flatMap(image ->
            mirrors().stream().flatMap(mirror -> mirror.apply(image).stream()).findFirst());
  }

  private static boolean isName(String text) {
    return ImageReference.parse(text).filter(image -> image.name().equals(text)).isPresent();
  }

  private static boolean isAtOrBelow(String name, String prefix) {
    return name.equals(prefix) || name.startsWith(prefix + "/");
  }
}
