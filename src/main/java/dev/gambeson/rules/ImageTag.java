package dev.gambeson.rules;

import dev.gambeson.pod.Glob;
import dev.gambeson.pod.ImageReference;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.ImageUse;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;

@Doc(
    """
    Asks for images that stay the same.

    Under a tag that moves, a restart runs other code than before, replicas differ, and no rollback
    brings the old code back.

    **Fields:** `image` of every container, and `image.reference` of `spec.volumes`. **Allowed:** a
    digest (`app@sha256:…`, with or without a tag), and with `digest: optional` also any tag but
    those of `floating`. No tag at all means `latest`. A reference that cannot be read is reported
    too.

    There is no fix: only the author knows which version is meant.
    """)
record ImageTag(
    @Doc("`optional`, or `required`: a tag alone is not enough") Digest digest,
    @Doc("tags that move: patterns in which `*` stands for any characters") List<String> floating)
    implements Rule.Check {
  ImageTag {
    floating = List.copyOf(floating);
  }

  ImageTag() {
    this(Digest.OPTIONAL, List.of("latest"));
  }

  /** Whether a tag is enough. */
  enum Digest {
    OPTIONAL,
    REQUIRED
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    for (var use : ImageUse.of(containersOf(pod), pod)) {
      var image = ImageReference.parse(use.reference());
      if (image.filter(known -> isPinned(known)).isEmpty()) {
        use.atReference(violations)
            .wanted(
                use.wanted(
                    digest() == Digest.REQUIRED
                        ? "a digest: name@sha256:DIGEST"
                        : "the tag of one version, or a digest"))
            .withoutRemedy();
      }
    }
  }

  private boolean isPinned(ImageReference image) {
    return image.digest() != null
        || (digest() == Digest.OPTIONAL
            && image.effectiveTag().filter(tag -> !Glob.anyMatches(floating(), tag)).isPresent());
  }
}
