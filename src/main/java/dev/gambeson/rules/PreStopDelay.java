package dev.gambeson.rules;

import static dev.gambeson.pod.Fields.LIFECYCLE;
import static dev.gambeson.pod.Fields.PRE_STOP;
import static dev.gambeson.pod.Fields.TERMINATION_GRACE_PERIOD_SECONDS;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodTraits;
import dev.gambeson.rule.ContainerChoice;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SleepAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

@Doc(
    """
    Lets a container serve on for some seconds while the cluster learns that its pod is going, so
    that a rollout loses no request.

    **The fix changes a value:** `terminationGracePeriodSeconds: 30`, which is also what the API
    server writes where the author wrote nothing, grows by the delay, so that the program has as
    long to end as before. Any other value is the author's word and stays; where it leaves less than
    30 seconds after the delay, the fix adds nothing and says so.

    **Fields:** `lifecycle.preStop` of regular containers, and `spec.terminationGracePeriodSeconds`.

    **The fix** adds `preStop.sleep` to the containers of `containers` that have no `preStop`.

    **The check** asks that these containers have some `preStop`, and that the grace period is
    longer than the longest `preStop.sleep`. A program that delays its end by itself can be
    exempted.

    **Left alone:** pods of Jobs, pods whose `restartPolicy` is not `Always`, init containers and
    native sidecars, Windows pods.

    **Mind:** `sleep` needs Kubernetes 1.30 or newer: an older API server drops it, and then refuses
    the empty `preStop`. Switch the fix off there. Each pod takes the delay longer to end, also when
    a node is drained.

    **Standard:** none; the check is the rule's own.
    """)
record PreStopDelay(
    @Doc("how many seconds a container serves on, from 1 to 600") int seconds,
    @Doc("`serving`: the regular containers that have `ports`; or `all` regular containers")
        ContainerChoice containers)
    implements Rule.Fix, Rule.Check {
  private static final long DEFAULT_GRACE = 30;
  private static final long LONGEST = 600;
  private static final FieldPath GRACE = FieldPath.of("spec", "terminationGracePeriodSeconds");

  PreStopDelay {
    if (seconds < 1 || seconds > LONGEST) {
      throw new IllegalArgumentException("seconds: " + seconds + " is not from 1 to " + LONGEST);
    }
  }

  PreStopDelay() {
    this(10, ContainerChoice.SERVING);
  }

  @Override
  public Set<ContainerRef.Kind> containerKinds() {
    return Set.of(ContainerRef.Kind.REGULAR);
  }

  @Override
  public Risk risk() {
    return Risk.SAFE;
  }

  @Override
  public void fix(PodPatch patch, Scope scope) {
    var pod = patch.pod();
    var hasty = hasty(fixable(pod, scope));
    if (hasty.isEmpty() || !PodTraits.runsOn(pod) || PodTraits.isWindows(pod)) {
      return;
    }
    long grace = grace(pod);
    long needed = DEFAULT_GRACE + seconds();
    if (grace != DEFAULT_GRACE && grace < needed) {
      patch.warn(
          "no delay before stopping: terminationGracePeriodSeconds %d is too short; write %d or more"
              .formatted(grace, needed));
      return;
    }
    if (grace == DEFAULT_GRACE) {
      patch.spec().replace(TERMINATION_GRACE_PERIOD_SECONDS, needed);
    }
    for (var container : hasty) {
      patch.container(container).child(LIFECYCLE).fill(PRE_STOP, sleep());
    }
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    if (!PodTraits.runsOn(pod) || PodTraits.declaresWindows(pod)) {
      return;
    }
    var hasty = hasty(containersOf(pod));
    for (var container : hasty) {
      violations
          .at(container, container.path("lifecycle", "preStop"))
          .wanted("a delay, so that a rollout loses no request")
          .remedy(sleep());
    }
    long longest = hasty.isEmpty() ? 0 : seconds();
    for (var container : containersOf(pod)) {
      longest = Math.max(longest, sleepOf(container));
    }
    if (longest > 0 && grace(pod) <= longest) {
      violations
          .at(GRACE)
          .found(String.valueOf(grace(pod)))
          .wanted("more than the " + longest + " seconds of the delay before it")
          .remedy(longest + DEFAULT_GRACE);
    }
  }

  /** The containers that stop at once. */
  private List<ContainerRef> hasty(List<ContainerRef> containers) {
    var hasty = new ArrayList<ContainerRef>();
    for (var container : containers) {
      if (preStop(container) == null && containers().includes(container)) {
        hasty.add(container);
      }
    }
    return hasty;
  }

  private static @Nullable LifecycleHandler preStop(ContainerRef container) {
    var lifecycle = container.container().getLifecycle();
    return lifecycle == null ? null : lifecycle.getPreStop();
  }

  /** The seconds that the author's delay takes, 0 where it is none or of another kind. */
  private static long sleepOf(ContainerRef container) {
    var preStop = preStop(container);
    var sleep = preStop == null ? null : preStop.getSleep();
    return sleep == null || sleep.getSeconds() == null ? 0 : sleep.getSeconds();
  }

  private static long grace(Pod pod) {
    var seconds = pod.getSpec().getTerminationGracePeriodSeconds();
    return seconds == null ? DEFAULT_GRACE : seconds;
  }

  private LifecycleHandler sleep() {
    var handler = new LifecycleHandler();
    handler.setSleep(new SleepAction((long) seconds()));
    return handler;
  }
}
