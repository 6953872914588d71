package dev.gambeson.rules;

import dev.gambeson.pod.ImageReference;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.ImageUse;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;

@Doc(
    """
    Keeps pods from running images that lie on their node for somebody else.

    With `Always` the registry is asked at each start of a container whether the pod may have the
    image. Otherwise, an image that is on the node runs for whoever knows its name.

    **The fix changes a value:** nobody can tell the author's `imagePullPolicy` from the one that
    the API server writes where the author wrote none (`Always` for `latest` or no tag, else
    `IfNotPresent`). So it only ever raises it: from `Never` over `IfNotPresent` to `Always`, up to
    `atLeast`; it never lowers it.

    **Fields:** `imagePullPolicy` of every container, and `image.pullPolicy` of `spec.volumes`. The
    fix leaves ephemeral containers as they are.

    **The check** reports what is lower than `atLeast`.

    **Mind:** with `Always` no container starts while its registry does not answer, also not one
    that is restarted, and images that were loaded onto the nodes by hand are not found. Layers that
    the node has are not loaded again. `exceptDigests` is for clusters of one tenant: what a digest
    names cannot change, but anybody's pod may run it.
    """)
record ImagePullPolicy(
    @Doc("the lowest policy that a container may have: `Always` or `IfNotPresent`") Policy atLeast,
    @Doc("whether images that are named by digest keep their policy") boolean exceptDigests)
    implements Rule.Fix, Rule.Check {
  private static final List<String> ASCENDING = List.of("Never", "IfNotPresent", "Always");

  ImagePullPolicy() {
    this(Policy.ALWAYS, false);
  }

  /** The policies to raise to. */
  enum Policy {
    IF_NOT_PRESENT("IfNotPresent"),
    ALWAYS("Always");

    private final String text;

    Policy(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  @Override
  public Risk risk() {
    return Risk.MAY_STOP_THE_IMAGE;
  }

  @Override
  public void fix(PodPatch patch, Scope scope) {
    for (var use : ImageUse.of(fixable(patch.pod(), scope), patch.pod())) {
      if (isTooLow(use)) {
        use.pull(patch, atLeast().toString());
      }
    }
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    var wanted = atLeast().toString();
    for (var use : ImageUse.of(containersOf(pod), pod)) {
      if (isTooLow(use)) {
        use.reportPullPolicy(
            violations, atLeast() == Policy.ALWAYS ? wanted : wanted + " or Always", wanted);
      }
    }
  }

  private boolean isTooLow(ImageUse use) {
    var lower = ASCENDING.subList(0, ASCENDING.indexOf(atLeast().toString()));
    var policy = use.pullPolicy();
    return (policy == null || policy.isEmpty() || lower.contains(policy))
        && !(exceptDigests() && hasDigest(use));
  }

  private static boolean hasDigest(ImageUse use) {
    return ImageReference.parse(use.reference())
        .filter(image -> image.digest() != null)
        .isPresent();
  }
}
