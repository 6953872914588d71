package dev.gambeson.rules;

import java.util.List;
import java.util.Optional;

/** The catalogue of rules, in the order in which their fixes run: inject, rewrite, fill, remove. */
public final class Rules {
  private static final List<Rule<?>> ALL =
      List.of(
          new LxcfsMounts(),
          new Timezone(),
          new HostNetworkDns(),
          new AllowPrivilegeEscalation(),
          new Resources(),
          new PodAntiAffinity(),
          new ServiceAccountToken());

  private Rules() {}

  public static List<Rule<?>> all() {
    return ALL;
  }

  /** The rule of that name. */
  public static Optional<Rule<?>> named(String name) {
    return ALL.stream().filter(rule -> rule.name().equals(name)).findFirst();
  }
}
