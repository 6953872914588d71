package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.Glob;
import dev.gambeson.pod.ImageReference;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Set;

@Doc(
    """
    Asks for images that stay the same.

    Under a tag that moves, a restart runs other code than before, replicas differ, and no rollback brings the old code back.

    **Fields:** `image` of every container, and `image.reference` of `spec.volumes`. **Allowed:** a digest (`app@sha256:…`, with or without a
    tag), and with `digest: optional` also any tag but those of `floating`. No tag at all means `latest`. A reference that cannot be
    read is reported too.

    There is no fix: only the author knows which version is meant.
    """)
final class ImageTag implements Rule.Check<ImageTag.Options> {

  /** Whether a tag is enough. */
  enum Digest {
    OPTIONAL,
    REQUIRED
  }

  /** The options of the rule. */
  record Options(
      @Doc("`optional`, or `required`: a tag alone is not enough") Digest digest,
      @Doc("tags that move: patterns in which `*` stands for any characters")
          List<String> floating) {
    Options {
      floating = List.copyOf(floating);
    }
  }

  @Override
  public Options defaults() {
    return new Options(Digest.OPTIONAL, List.of("latest"));
  }

  @Override
  public Set<ContainerRef.Kind> containers() {
    return ContainerRef.ALL;
  }

  @Override
  public void check(Options options, Pod pod, Scope scope, Violations violations) {
    for (var use : ImageUse.of(containersOf(pod), pod)) {
      var image = ImageReference.parse(use.reference());
      if (image.filter(known -> isPinned(options, known)).isEmpty()) {
        use.reportReference(
            violations,
            use.wanted(
                options.digest() == Digest.REQUIRED
                    ? "a digest: name@sha256:…"
                    : "the tag of one version, or a digest"),
            null);
      }
    }
  }

  private static boolean isPinned(Options options, ImageReference image) {
    return image.digest() != null
        || (options.digest() == Digest.OPTIONAL
            && image
                .effectiveTag()
                .filter(tag ->
                    options.floating().stream().noneMatch(glob -> new Glob(glob).matches(tag)))
                .isPresent());
  }
}
