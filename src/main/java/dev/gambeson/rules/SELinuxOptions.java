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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

@Doc(
    """
    Keeps containers in the SELinux types that confine them.

    **Fields:** `seLinuxOptions.type`, `.user` and `.role` of `spec.securityContext` and of every
    container's `securityContext`. **Allowed:** the types `container_t`, `container_init_t`,
    `container_kvm_t` and, from v1.31 on, `container_engine_t`; no user and no role.

    **Standard:** Pod Security "baseline", every version.
    """)
record SELinuxOptions() implements Rule.Check {
  private static final FieldPath POD_FIELD =
      FieldPath.of("spec", "securityContext", "seLinuxOptions");
  private static final List<String> TYPES =
      List.of("container_t", "container_init_t", "container_kvm_t");
  private static final List<String> TYPES_SINCE_31 =
      List.of("container_t", "container_init_t", "container_kvm_t", "container_engine_t");

  @Override
  public Set<PodSecurityLevel> controls() {
    return Set.of(BASELINE);
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    var types = scope.version().atLeast(31) ? TYPES_SINCE_31 : TYPES;
    var level = BASELINE;
    for (var fault :
        faults(PodTraits.securityContext(pod, PodSecurityContext::getSeLinuxOptions), types)) {
      violations
          .at(POD_FIELD.field(fault.field))
          .level(level)
          .found(fault.found)
          .wanted(fault.wanted)
          .allowed(fault.allowed)
          .remedy(fault.remedy);
    }
    for (var container : containersOf(pod)) {
      for (var fault :
          faults(container.securityContext(SecurityContext::getSeLinuxOptions), types)) {
        violations
            .at(container, container.path("securityContext", "seLinuxOptions", fault.field))
            .level(level)
            .found(fault.found)
            .wanted(fault.wanted)
            .allowed(fault.allowed)
            .remedy(fault.remedy);
      }
    }
  }

  private record Fault(
      String field, String found, String wanted, List<String> allowed, Object remedy) {}

  private static List<Fault> faults(
      io.fabric8.kubernetes.api.model.@Nullable SELinuxOptions options, List<String> types) {
    var faults = new ArrayList<Fault>();
    if (options != null) {
      if (isSet(options.getType()) && !types.contains(options.getType())) {
        faults.add(
            new Fault(
                "type",
                options.getType(),
                types.getFirst() + " or no type",
                types,
                types.getFirst()));
      }
      if (isSet(options.getUser())) {
        faults.add(new Fault("user", options.getUser(), "no user", List.of(), Removal.FIELD));
      }
      if (isSet(options.getRole())) {
        faults.add(new Fault("role", options.getRole(), "no role", List.of(), Removal.FIELD));
      }
    }
    return faults;
  }

  private static boolean isSet(@Nullable String value) {
    return value != null && !value.isEmpty();
  }
}
