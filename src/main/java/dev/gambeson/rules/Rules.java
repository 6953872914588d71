package dev.gambeson.rules;

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
          new Probes());

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
}
