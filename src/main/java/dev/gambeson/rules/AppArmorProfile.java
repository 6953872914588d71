package dev.gambeson.rules;

import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodTraits;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

@Doc(
    """
    Keeps containers under the AppArmor profile of the container runtime, or one that the node's administrator installed.

    **Fields:** `spec.securityContext.appArmorProfile.type` and `securityContext.appArmorProfile.type` of every container. **Allowed:** absent,
    `RuntimeDefault`, `Localhost`. And the annotations `container.apparmor.security.beta.kubernetes.io/*`. **Allowed:** absent, empty,
    `runtime/default`, `localhost/*`.

    **Standard:** Pod Security "baseline", every version.
    """)
record AppArmorProfile() implements Rule.Check {
  private static final String ANNOTATION = "container.apparmor.security.beta.kubernetes.io/";
  private static final String DEFAULT = "RuntimeDefault";
  private static final Set<String> ALLOWED = Set.of(DEFAULT, "Localhost");

  @Override
  public Set<PodSecurityLevel> controls() {
    return Set.of(PodSecurityLevel.BASELINE);
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    var level = PodSecurityLevel.BASELINE;
    var wanted = "RuntimeDefault or Localhost";
    var ofPod = type(PodTraits.securityContext(pod, PodSecurityContext::getAppArmorProfile));
    if (!ALLOWED.contains(ofPod)) {
      var path = FieldPath.of("spec", "securityContext", "appArmorProfile", "type");
      violations.add(level, path, ofPod, wanted, DEFAULT);
    }
    for (var container : containersOf(pod)) {
      var own = type(container.securityContext(SecurityContext::getAppArmorProfile));
      if (!ALLOWED.contains(own)) {
        var path = container.path("securityContext", "appArmorProfile", "type");
        violations.add(level, container, path, own, wanted, DEFAULT);
      }
    }
    new TreeMap<>(PodTraits.annotations(pod))
        .forEach((name, value) -> {
          if (name.startsWith(ANNOTATION) && !isAllowed(value)) {
            violations.add(
                level,
                FieldPath.of("metadata", "annotations", name),
                value,
                "runtime/default or localhost/*",
                Removal.FIELD);
          }
        });
  }

  private static String type(io.fabric8.kubernetes.api.model.@Nullable AppArmorProfile profile) {
    return profile == null ? DEFAULT : Objects.toString(profile.getType(), "no type");
  }

  private static boolean isAllowed(String annotation) {
    return annotation.isEmpty()
        || annotation.equals("runtime/default")
        || annotation.startsWith("localhost/");
  }
}
