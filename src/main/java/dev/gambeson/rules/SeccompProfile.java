package dev.gambeson.rules;

import static dev.gambeson.pod.Fields.POD_SECCOMP_PROFILE;
import static dev.gambeson.pod.Fields.SECCOMP_PROFILE;
import static dev.gambeson.rule.PodSecurityLevel.BASELINE;
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
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.SeccompProfileBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

@Doc(
    """
    Puts the container runtime's filter of system calls before every container.

    **Fields:** `spec.securityContext.seccompProfile.type` and `securityContext.seccompProfile.type`
    of every container. **Allowed:** `RuntimeDefault`, `Localhost`; with Pod Security "restricted",
    absent in a container only where the pod has one of the two. The annotations
    `seccomp.security.alpha.kubernetes.io/pod` and
    `container.seccomp.security.alpha.kubernetes.io/<container>`, which no node obeys since
    Kubernetes 1.27, are judged by versions before v1.19 only.

    **The fix** sets `RuntimeDefault` for the whole pod where no container says anything, else in
    each container that does not, and so where an exemption spares one. The whole pod is safe here:
    containers that come later, debug containers among them, get what each would be given anyway,
    and a privileged container runs without a filter whatever stands there. It leaves out pods that
    say something for all containers, what an annotation asks another profile for, and Windows pods.
    An image that needs a system call outside the filter fails when it makes it.

    **Standard:** Pod Security "baseline", every version; "restricted" from v1.19 on; Windows pods
    are exempt from the latter from v1.25 on.
    """)
record SeccompProfile() implements Rule.Fix, Rule.Check {
  private static final String POD_ANNOTATION = "seccomp.security.alpha.kubernetes.io/pod";
  private static final String CONTAINER_ANNOTATION =
      "container.seccomp.security.alpha.kubernetes.io/";
  private static final String RUNTIME_DEFAULT = "RuntimeDefault";
  private static final Set<String> ALLOWED = Set.of(RUNTIME_DEFAULT, "Localhost");
  private static final String WANTED = "RuntimeDefault or Localhost";

  @Override
  public Risk risk() {
    return Risk.MAY_FAIL_AT_RUNTIME;
  }

  @Override
  public Optional<Tell> tell() {
    return Optional.of(
        new Tell(
            Tell.EXEC + " grep Seccomp: /proc/1/status",
            "shows 2 where system calls are filtered already, and nothing changes"));
  }

  @Override
  public Set<PodSecurityLevel> controls() {
    return Set.of(BASELINE, RESTRICTED);
  }

  @Override
  public void fix(PodPatch patch, Scope scope) {
    var pod = patch.pod();
    if (PodTraits.isWindows(pod)
        || PodTraits.securityContext(pod, PodSecurityContext::getSeccompProfile) != null) {
      return;
    }
    if (reachesAll(pod, scope)) {
      patch
          .podSecurityContext()
          .fill(POD_SECCOMP_PROFILE, new SeccompProfileBuilder().withType(RUNTIME_DEFAULT).build());
      return;
    }
    for (var container : fixable(pod, scope)) {
      if (isSilent(container, pod)) {
        patch
            .securityContext(container)
            .fill(SECCOMP_PROFILE, new SeccompProfileBuilder().withType(RUNTIME_DEFAULT).build());
      }
    }
  }

  private boolean reachesAll(Pod pod, Scope scope) {
    for (var container : containersOf(pod)) {
      if (!isSilent(container, pod) || scope.exemptions().exemptsFix(this, pod, container)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    if (!scope.version().atLeast(19)) {
      checkAnnotations(pod, violations);
      return;
    }
    var baseline = BASELINE;
    var ofPod = type(PodTraits.securityContext(pod, PodSecurityContext::getSeccompProfile));
    if (ofPod != null && !ALLOWED.contains(ofPod)) {
      var path = FieldPath.of("spec", "securityContext", "seccompProfile", "type");
      violations.at(path).level(baseline).found(ofPod).wanted(WANTED).remedy(RUNTIME_DEFAULT);
    }
    boolean exempt = scope.version().atLeast(25) && PodTraits.declaresWindows(pod);
    for (var container : containersOf(pod)) {
      var path = container.path("securityContext", "seccompProfile", "type");
      var own = type(container.securityContext(SecurityContext::getSeccompProfile));
      if (own != null && !ALLOWED.contains(own)) {
        violations
            .at(container, path)
            .level(baseline)
            .found(own)
            .wanted(WANTED)
            .remedy(remedy(container, pod));
      } else if (own == null && ofPod == null && !exempt) {
        violations
            .at(container, path)
            .level(RESTRICTED)
            .wanted(WANTED)
            .remedy(remedy(container, pod));
      }
    }
  }

  /** The API server refuses a field that says something else than an annotation beside it. */
  private static @Nullable String remedy(ContainerRef container, Pod pod) {
    return PodTraits.annotation(pod, CONTAINER_ANNOTATION + container.name())
            .filter(value -> !isRuntimeDefault(value))
            .isPresent()
        ? null
        : RUNTIME_DEFAULT;
  }

  private static @Nullable String type(
      io.fabric8.kubernetes.api.model.@Nullable SeccompProfile profile) {
    return profile == null ? null : Objects.toString(profile.getType(), "no type");
  }

  private void checkAnnotations(Pod pod, Violations violations) {
    var level = BASELINE;
    var wanted = "runtime/default or localhost/*";
    var remedy = Removal.FIELD;
    PodTraits.annotation(pod, POD_ANNOTATION)
        .filter(value -> !isAllowedAnnotation(value))
        .ifPresent(value ->
            violations
                .at(annotationPath(POD_ANNOTATION))
                .level(level)
                .found(value)
                .wanted(wanted)
                .remedy(remedy));
    for (var container : containersOf(pod)) {
      var name = CONTAINER_ANNOTATION + container.name();
      PodTraits.annotation(pod, name)
          .filter(value -> !isAllowedAnnotation(value))
          .ifPresent(value ->
              violations
                  .at(container, annotationPath(name))
                  .level(level)
                  .found(value)
                  .wanted(wanted)
                  .remedy(remedy));
    }
  }

  private static FieldPath annotationPath(String name) {
    return FieldPath.of("metadata", "annotations", name);
  }

  private static boolean isAllowedAnnotation(String value) {
    return isRuntimeDefault(value) || value.startsWith("localhost/");
  }

  private static boolean isRuntimeDefault(String annotation) {
    return annotation.equals("runtime/default") || annotation.equals("docker/default");
  }

  /** Whether neither the container nor an annotation for it asks for a profile of its own. */
  private static boolean isSilent(ContainerRef container, Pod pod) {
    var annotated =
        PodTraits.annotation(pod, CONTAINER_ANNOTATION + container.name())
            .or(() -> PodTraits.annotation(pod, POD_ANNOTATION));
    return container.securityContext(SecurityContext::getSeccompProfile) == null
        && annotated.filter(value -> !isRuntimeDefault(value)).isEmpty();
  }
}
