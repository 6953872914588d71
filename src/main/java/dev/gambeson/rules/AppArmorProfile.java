package dev.gambeson.rules;

import static dev.gambeson.rule.PodSecurityLevel.BASELINE;

import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodTraits;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Removal;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

@Doc(
    """
    Keeps containers under the AppArmor profile of the container runtime, or one that the node's
    administrator installed.

    **Fields:** `spec.securityContext.appArmorProfile.type` and
    `securityContext.appArmorProfile.type` of every container. **Allowed:** absent,
    `RuntimeDefault`, `Localhost`. And the annotations
    `container.apparmor.security.beta.kubernetes.io/*`. **Allowed:** absent, empty,
    `runtime/default`, `localhost/*`.

    **Standard:** Pod Security "baseline", every version.
    """)
record AppArmorProfile() implements Rule.Check {
  private static final String ANNOTATION = "container.apparmor.security.beta.kubernetes.io/";
  private static final String DEFAULT = "RuntimeDefault";
  private static final Set<String> ALLOWED = Set.of(DEFAULT, "Localhost");

  @Override
  public Set<PodSecurityLevel> controls() {
    return Set.of(BASELINE);
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    var level = BASELINE;
    var wanted = "RuntimeDefault or Localhost";
    var ofPod = type(PodTraits.securityContext(pod, PodSecurityContext::getAppArmorProfile));
    if (!ALLOWED.contains(ofPod)) {
      var path = FieldPath.of("spec", "securityContext", "appArmorProfile", "type");
      violations.at(path).level(level).found(ofPod).wanted(wanted).remedy(DEFAULT);
    }
    for (var container : containersOf(pod)) {
      var own = type(container.securityContext(SecurityContext::getAppArmorProfile));
      if (!ALLOWED.contains(own)) {
        var path = container.path("securityContext", "appArmorProfile", "type");
        violations.at(container, path).level(level).found(own).wanted(wanted).remedy(DEFAULT);
      }
    }
    new TreeMap<>(PodTraits.annotations(pod))
        .forEach((name, value) -> {
          if (name.startsWith(ANNOTATION) && !isAllowed(value)) {
            violations
                .at(FieldPath.of("metadata", "annotations", name))
                .level(level)
                .found(value)
                .wanted("runtime/default or localhost/*")
                .remedy(Removal.FIELD);
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
