package dev.gambeson.adopt;

import dev.gambeson.review.Namespaces;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.verdict.Exemption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
 * @param isByLabel whether its label can give it the profile; else the configuration does
 * @param workloads all that are there, in the form {@code deployment/web}
 * @param restarts those whose pods a command recreates
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
    boolean isByLabel,
    List<String> workloads,
    List<String> restarts,
    Map<Exemption, List<String>> exemptions,
    List<String> refused,
    List<RiskyFix> risks,
    @Nullable Obstacles next) {
  public NamespacePlan {
    workloads = List.copyOf(workloads);
    restarts = List.copyOf(restarts);
    exemptions = Collections.unmodifiableMap(new LinkedHashMap<>(exemptions));
    refused = List.copyOf(refused);
    risks = List.copyOf(risks);
  }

  /**
   * What a namespace has.
   *
   * @param label the profile that its label asks for; null where there is no label
   * @param profile the one by which it is judged
   * @param isChosen whether the label, or the configuration for this namespace, names it
   * @param isPinned whether the configuration gives it to the namespace, whatever the label says
   * @param isInForce whether webhooks judge by it
   */
  public record Now(
      @Nullable String label,
      String profile,
      boolean isChosen,
      boolean isPinned,
      boolean isInForce,
      PodSecurityLevel level) {}

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
    return exemptions.isEmpty() && labels().isEmpty() && !isToBePinned();
  }

  /** Whether the configuration must change for it. */
  boolean isConfigured() {
    return !exemptions.isEmpty() || isToBePinned();
  }

  /** The workloads whose pods no command recreates; those of a CronJob come and go. */
  List<String> recreatedByHand() {
    return workloads.stream()
        .filter(workload -> !restarts.contains(workload) && !workload.startsWith("cronjob/"))
        .toList();
  }

  /** Whether the configuration must name the namespace, for its label does not suffice. */
  boolean isToBePinned() {
    return !isByLabel && !profile.equals(now.profile());
  }

  /** The labels that the namespace still gets. */
  Map<String, String> labels() {
    var labels = new LinkedHashMap<String, String>();
    if (isByLabel && !profile.equals(now.label())) {
      labels.put(Namespaces.PROFILE, profile);
    }
    if (level != now.level()) {
      labels.put(Namespaces.POD_SECURITY, nameOf(level));
    }
    return labels;
  }

  /** A level, as labels spell it. */
  static String nameOf(PodSecurityLevel level) {
    return level.name().toLowerCase(Locale.ROOT);
  }
}
