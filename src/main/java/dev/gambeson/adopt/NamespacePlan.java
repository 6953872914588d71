package dev.gambeson.adopt;

import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.verdict.Configuration;
import dev.gambeson.verdict.Exemption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a namespace can have now.
 *
 * @param now what it has
 * @param profile the strictest one that refuses nothing of what is there, with these exemptions
 * @param level the strictest Pod Security level that its workloads meet as they are written; never
 *     laxer than the one that it enforces
 * @param workloads all that are there, in the form {@code deployment/web}
 * @param exemptions each with what it lets pass, in words; without any one of them a workload is
 *     refused
 * @param refused what the last one of the profiles refuses for all that, in words
 * @param risks the fixes that may stop a container, and are new there
 * @param next what stands in the way of the next stricter profile; null where there is none
 */
public record NamespacePlan(
    String name,
    Now now,
    String profile,
    PodSecurityLevel level,
    List<String> workloads,
    Map<Exemption, List<String>> exemptions,
    List<String> refused,
    List<RiskyFix> risks,
    @Nullable Obstacles next) {
  public NamespacePlan {
    workloads = List.copyOf(workloads);
    exemptions = Collections.unmodifiableMap(new LinkedHashMap<>(exemptions));
    refused = List.copyOf(refused);
    risks = List.copyOf(risks);
  }

  /**
   * The labels of a namespace.
   *
   * @param profile null where none is asked for
   */
  public record Now(@Nullable String profile, PodSecurityLevel level) {}

  /**
   * What a profile refuses.
   *
   * @param rules what is broken, by workload
   * @param toBeFixed the workloads that no exemption lets pass
   */
  public record Obstacles(String profile, Map<String, List<String>> rules, Set<String> toBeFixed) {
    public Obstacles {
      rules = Collections.unmodifiableMap(new LinkedHashMap<>(rules));
      toBeFixed = Set.copyOf(toBeFixed);
    }
  }

  /** Whether the namespace has what it can have. */
  boolean isDone() {
    return exemptions.isEmpty()
        && refused.isEmpty()
        && profile.equals(now.profile())
        && level == now.level();
  }

  /** Whether the configuration gives the namespace its profile: no label may ask for this one. */
  boolean isByConfiguration() {
    return profile.equals(Configuration.OBSERVE);
  }
}
