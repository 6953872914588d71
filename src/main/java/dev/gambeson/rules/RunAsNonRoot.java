package dev.gambeson.rules;

import static dev.gambeson.pod.Fields.RUN_AS_NON_ROOT;
import static dev.gambeson.rule.PodSecurityLevel.RESTRICTED;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodTraits;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Tell;
import dev.gambeson.rule.Violation;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.WindowsSecurityContextOptions;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

@Doc(
    """
    Keeps containers from running as root.

    **Fields:** `spec.securityContext.runAsNonRoot` and `securityContext.runAsNonRoot` of every
    container. **Allowed:** `true`; absent in a container where the pod says `true`.

    **The fix** sets `true` in each container where neither it nor the pod says anything. It is
    never written for the whole pod, where it would reach sidecars and debug containers that come
    later. It leaves out containers that say `runAsUser: 0` or are `privileged`, and, from v1.35 on,
    pods with `hostUsers: false`, whose root is nobody on the node.

    The kubelet refuses to start an image whose user is root, or only a name, under `runAsNonRoot:
    true`. The fix cannot see the image: where no `runAsUser` says which user it is, it warns.
    `runAsUser` in the manifest, or a numeric `USER` in the image, settles it.

    **Windows pods** are judged and fixed like others, as Pod Security has it. Root is
    `ContainerAdministrator` there, and `windowsOptions.runAsUserName` takes the place of
    `runAsUser`.

    **Standard:** Pod Security "restricted", every version; pods with `hostUsers: false` are exempt
    from v1.35 on.
    """)
record RunAsNonRoot() implements Rule.Fix, Rule.Check {
  private static final FieldPath POD_FIELD =
      FieldPath.of("spec", "securityContext", "runAsNonRoot");

  static final String AT_RISK =
      "its image runs as root, unless runAsUser is set to another user that the image supports";

  /** What the kubelet takes for root on Windows, in any case of its letters. */
  private static final String WINDOWS_ROOT = "ContainerAdministrator";

  @Override
  public Risk risk() {
    return Risk.MAY_STOP_THE_IMAGE;
  }

  @Override
  public Optional<Tell> tell() {
    return Optional.of(
        new Tell(
            Tell.EXEC + " id -u", "shows 0 where the image runs as root, and would not start"));
  }

  @Override
  public Set<PodSecurityLevel> controls() {
    return Set.of(RESTRICTED);
  }

  @Override
  public void fix(PodPatch patch, Scope scope) {
    var pod = patch.pod();
    if (isRelaxed(pod, scope)
        || PodTraits.securityContext(pod, PodSecurityContext::getRunAsNonRoot) != null) {
      return;
    }
    var userUnknown = new ArrayList<String>();
    boolean windows = PodTraits.isWindows(pod);
    for (var container : fixable(pod, scope)) {
      var isRoot = windows ? isWindowsRoot(container, pod) : isRoot(container, pod);
      if (container.isPrivileged() || Boolean.TRUE.equals(isRoot)) {
        continue;
      }
      boolean filled = patch.securityContext(container).fill(RUN_AS_NON_ROOT, true);
      if (filled && isRoot == null) {
        userUnknown.add(container.name());
      }
    }
    if (!userUnknown.isEmpty()) {
      patch.warn(
          Violation.list(userUnknown, ", ")
              + (windows
                  ? " will not start if the image's user is ContainerAdministrator, unless"
                      + " windowsOptions.runAsUserName is set"
                  : " will not start if the image's user is root or only a name, unless runAsUser is"
                      + " set"));
    }
  }

  @Override
  public String atRisk() {
    return AT_RISK;
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    if (isRelaxed(pod, scope)) {
      return;
    }
    var level = RESTRICTED;
    var podValue = PodTraits.securityContext(pod, PodSecurityContext::getRunAsNonRoot);
    if (Boolean.FALSE.equals(podValue)) {
      violations.at(POD_FIELD).level(level).found("false").wanted("true").remedy(true);
    }
    for (var container : containersOf(pod)) {
      var value = container.securityContext(SecurityContext::getRunAsNonRoot);
      boolean bad = value == null ? podValue == null : !value;
      if (bad) {
        var path = container.path("securityContext", "runAsNonRoot");
        violations.at(container, path).level(level).found(value).wanted("true").remedy(true);
      }
    }
  }

  /** Whether the manifest makes the container's user root; null where it names none. */
  private static @Nullable Boolean isRoot(ContainerRef container, Pod pod) {
    var user = RunAsUser.userOf(container, pod);
    return user == null ? null : user == 0;
  }

  private static @Nullable Boolean isWindowsRoot(ContainerRef container, Pod pod) {
    var user = windowsUserOf(container, pod);
    return user == null ? null : user.equalsIgnoreCase(WINDOWS_ROOT);
  }

  private static @Nullable String windowsUserOf(ContainerRef container, Pod pod) {
    var own = container.securityContext(context -> userName(context.getWindowsOptions()));
    return own != null
        ? own
        : PodTraits.securityContext(pod, context -> userName(context.getWindowsOptions()));
  }

  private static @Nullable String userName(@Nullable WindowsSecurityContextOptions options) {
    return options == null ? null : options.getRunAsUserName();
  }

  /** Whether the container, or the pod for it, says that it may run as root. */
  static boolean isDenied(ContainerRef container, Pod pod) {
    var own = container.securityContext(SecurityContext::getRunAsNonRoot);
    return Boolean.FALSE.equals(
        own != null ? own : PodTraits.securityContext(pod, PodSecurityContext::getRunAsNonRoot));
  }

  /** Whether the standard lets the pod run as root: in a user namespace root is nobody outside. */
  static boolean isRelaxed(Pod pod, Scope scope) {
    return scope.version().atLeast(35) && PodTraits.usesUserNamespace(pod);
  }
}
