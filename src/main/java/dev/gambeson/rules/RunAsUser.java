package dev.gambeson.rules;

import static dev.gambeson.pod.Fields.RUN_AS_GROUP;
import static dev.gambeson.pod.Fields.RUN_AS_USER;
import static dev.gambeson.rule.PodSecurityLevel.RESTRICTED;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodTraits;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Removal;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Tell;
import dev.gambeson.rule.Violation;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

@Doc(
    """
    Gives containers a user that is not root, and asks for user and group IDs that no account of the
    node has.

    **Fields:** `runAsUser` and `runAsGroup` of `spec.securityContext` and of every container's
    `securityContext`. **Allowed:** any user but `0`; with `minimumUid`, `minimumGid` and
    `auditedMinimumGid` only IDs from there on. These must be in the manifest, because the check
    cannot see the IDs of the image.

    **The fix** sets the configured `uid` in each container where neither it nor the pod names a
    user or says `runAsNonRoot: false`, and the configured `gid` in each container whose user is
    known, is not root and has no group. It invents no ID: without `uid` and `gid` it does nothing.
    It leaves out `privileged` containers, Windows pods, and, from v1.35 on, pods with `hostUsers:
    false`, whose users are nobody on the node. An image whose files belong to another user may
    fail.

    **Standard:** Pod Security "restricted" from v1.23 on refuses `runAsUser: 0`; pods with
    `hostUsers: false` are exempt from v1.35 on.
    """)
record RunAsUser(
    @Doc("the user ID that the fix gives; without it the fix gives none") @Nullable Long uid,
    @Doc("the group ID that the fix gives; without it the fix gives none") @Nullable Long gid,
    @Doc("the lowest user ID that the check accepts, `3000` for example") @Nullable Long minimumUid,
    @Doc("the lowest group ID that the check accepts, `3000` for example")
        @Nullable Long minimumGid,
    @Doc(
            "the lowest group ID that is not audited: a lower or missing one is recorded in the"
                + " audit log, never warned of or denied. `minimumGid` replaces it")
        @Nullable Long auditedMinimumGid)
    implements Rule.Fix, Rule.Check {
  private static final Id USER =
      new Id("runAsUser", PodSecurityContext::getRunAsUser, SecurityContext::getRunAsUser);
  private static final Id GROUP =
      new Id("runAsGroup", PodSecurityContext::getRunAsGroup, SecurityContext::getRunAsGroup);

  RunAsUser {
    requireId("minimumUid", minimumUid, 1);
    requireId("minimumGid", minimumGid, 1);
    requireId("auditedMinimumGid", auditedMinimumGid, 1);
    requireId("uid", uid, minimumUid == null ? 1 : minimumUid);
    requireId("gid", gid, minimumGid == null ? 1 : minimumGid);
  }

  private static void requireId(String option, @Nullable Long id, long lowest) {
    if (id != null && (id < lowest || id > Integer.MAX_VALUE)) {
      throw new IllegalArgumentException(
          option + " must be from " + lowest + " to " + Integer.MAX_VALUE + ", not " + id);
    }
  }

  RunAsUser() {
    this(null, null, null, null, null);
  }

  @Override
  public Risk risk() {
    return Risk.MAY_STOP_THE_IMAGE;
  }

  @Override
  public Optional<Tell> tell() {
    return Optional.of(
        new Tell(
            Tell.EXEC + " id -u",
            "shows the user that runs now: what it writes to must belong to the new one too"));
  }

  @Override
  public Set<PodSecurityLevel> controls() {
    return Set.of(RESTRICTED);
  }

  @Override
  public boolean checksOptions() {
    return true;
  }

  @Override
  public boolean auditsOnly(Violation violation) {
    return minimumGid == null && violation.path().last().equals(GROUP.field);
  }

  @Override
  public void fix(PodPatch patch, Scope scope) {
    var pod = patch.pod();
    if (PodTraits.isWindows(pod) || RunAsNonRoot.isRelaxed(pod, scope)) {
      return;
    }
    for (var container : fixable(pod, scope)) {
      if (container.isPrivileged()) {
        continue;
      }
      var context = patch.securityContext(container);
      if (uid() != null
          && userOf(container, pod) == null
          && !RunAsNonRoot.isDenied(container, pod)) {
        context.fill(RUN_AS_USER, uid());
      }
      var user = userOf(container, pod);
      if (gid() != null && user != null && user != 0 && GROUP.effective(container, pod) == null) {
        context.fill(RUN_AS_GROUP, gid());
      }
    }
  }

  @Override
  public String atRisk() {
    return RunAsNonRoot.AT_RISK;
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    if (RunAsNonRoot.isRelaxed(pod, scope)) {
      return;
    }
    var minimumUid = minimumUid();
    var lowestGid = minimumGid == null ? auditedMinimumGid() : minimumGid();
    if (scope.version().atLeast(23)) {
      var wanted = minimumUid == null ? "any user but 0" : "at least " + minimumUid;
      USER.check(pod, new Demand(RESTRICTED, false, id -> id == 0, wanted, notRoot()), violations);
    }
    if (minimumUid != null && !PodTraits.declaresWindows(pod)) {
      var wanted = "at least " + minimumUid;
      USER.check(pod, new Demand(null, true, id -> id < minimumUid, wanted, uid()), violations);
    }
    if (lowestGid != null && !PodTraits.declaresWindows(pod)) {
      var wanted = "at least " + lowestGid;
      var remedy = gid() == null || gid() < lowestGid ? null : gid();
      GROUP.check(pod, new Demand(null, true, id -> id < lowestGid, wanted, remedy), violations);
    }
  }

  /** The image's own user, where that is enough; only the author knows which others it can be. */
  private @Nullable Object notRoot() {
    return uid() == null && minimumUid() == null ? Removal.FIELD : uid();
  }

  /** The user that the container runs as, as far as the manifest tells. */
  static @Nullable Long userOf(ContainerRef container, Pod pod) {
    return USER.effective(container, pod);
  }

  /** What is asked of an ID; {@code required} where it must be in the manifest. */
  private record Demand(
      @Nullable PodSecurityLevel level,
      boolean required,
      LongPredicate refused,
      String wanted,
      @Nullable Object remedy) {}

  /**
   * The user or the group: a field that the pod sets for all containers, or a container for itself.
   */
  private record Id(
      String field,
      Function<PodSecurityContext, @Nullable Long> ofPod,
      Function<SecurityContext, @Nullable Long> ofContainer) {

    @Nullable Long effective(ContainerRef container, Pod pod) {
      var own = container.securityContext(ofContainer);
      return own != null ? own : PodTraits.securityContext(pod, ofPod);
    }

    void check(Pod pod, Demand demand, Violations violations) {
      var all = PodTraits.securityContext(pod, ofPod);
      if (all != null && demand.refused.test(all)) {
        var path = FieldPath.of("spec", "securityContext", field);
        violations
            .at(path)
            .level(demand.level)
            .found(all)
            .wanted(demand.wanted)
            .remedy(demand.remedy);
      }
      for (var container : ContainerRef.all(pod)) {
        var own = container.securityContext(ofContainer);
        if (own == null ? demand.required && all == null : demand.refused.test(own)) {
          var path = container.path("securityContext", field);
          violations
              .at(container, path)
              .level(demand.level)
              .found(own)
              .wanted(demand.wanted)
              .remedy(demand.remedy);
        }
      }
    }
  }
}
