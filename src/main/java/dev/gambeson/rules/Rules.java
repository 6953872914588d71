package dev.gambeson.rules;

import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Violation;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The catalogue of rules, in the order in which their fixes run: labels and the priority class, by
 * which other rules choose pods; inject, rewrite, fill, remove; rules without a fix last.
 */
public final class Rules {
  private static final List<Rule> ALL =
      List.of(
          new RequiredLabels(),
          new PriorityClass(),
          new Sidecars(),
          new PodPresets(),
          new LxcfsMounts(),
          new Timezone(),
          new ImageRegistry(),
          new ImagePullPolicy(),
          new HostNetworkDns(),
          new NodePlacement(),
          new Sysctls(),
          new ServiceLinks(),
          new SeccompProfile(),
          new AllowPrivilegeEscalation(),
          new RunAsUser(),
          new HostUsers(),
          new RunAsNonRoot(),
          new Capabilities(),
          new ReadOnlyRootFilesystem(),
          new EmptyDirSizeLimit(),
          new Resources(),
          new PodAntiAffinity(),
          new TopologySpread(),
          new PreStopDelay(),
          new ServiceAccountToken(),
          new Privileged(),
          new HostNamespaces(),
          new HostPathVolumes(),
          new HostPorts(),
          new HostProbes(),
          new WindowsHostProcess(),
          new AppArmorProfile(),
          new SELinuxOptions(),
          new ProcMount(),
          new VolumeTypes(),
          new ImageTag(),
          new SecretsInEnv(),
          new RuntimeSockets(),
          new NodeName(),
          new ControlledPods(),
          new Probes(),
          new ShareProcessNamespace(),
          new EnvDuplicates(),
          new Tolerations());

  private static final Map<String, Rule> BY_NAME =
      ALL.stream().collect(Collectors.toMap(Rule::name, rule -> rule));

  private Rules() {}

  public static List<Rule> all() {
    return ALL;
  }

  /** The rule of that name. */
  public static Optional<Rule> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /**
   * Whether Pod Security would refuse a pod in the namespace for that alone. What only "restricted"
   * asks of a container is not counted: later fixes may write it.
   */
  static boolean refuse(List<Container> containers, List<Volume> volumes, Scope scope) {
    if (scope.namespaceLevel() == PodSecurityLevel.PRIVILEGED) {
      return false;
    }
    var pod =
        new PodBuilder()
            .withMetadata(new ObjectMeta())
            .withNewSpec()
            .withContainers(containers)
            .withVolumes(volumes)
            .endSpec()
            .build();
    return ALL.stream()
        .flatMap(rule -> violations(rule, pod, scope).all().stream())
        .anyMatch(violation -> isCertain(violation, scope.namespaceLevel()));
  }

  private static boolean isCertain(Violation violation, PodSecurityLevel enforced) {
    var level = violation.level();
    return level == PodSecurityLevel.BASELINE
        || (level == enforced && violation.path().toString().startsWith("spec.volumes"));
  }

  private static Violations violations(Rule rule, Pod pod, Scope scope) {
    var violations = new Violations(rule);
    if (rule instanceof Rule.Check checking && !checking.controls().isEmpty()) {
      checking.check(pod, scope.withoutHostPaths(), violations);
    }
    return violations;
  }
}
