package dev.gambeson.verdict;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.PodIndex;
import dev.gambeson.rule.Exemptions;
import dev.gambeson.rule.Requester;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Violation;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The exemptions for one namespace and requester.
 *
 * @param running those that exempt now
 * @param over those that did
 */
public record ExemptionsInForce(List<Exemption> running, List<Exemption> over, Instant now)
    implements Exemptions {
  private static final Duration NOTICE = Duration.ofDays(14);

  public static Exemptions of(
      List<Exemption> all, String namespace, Requester requester, Instant now) {
    if (all.isEmpty()) {
      return NONE;
    }
    var both =
        all.stream()
            .filter(exemption -> exemption.isFor(namespace, requester))
            .collect(Collectors.partitioningBy(exemption -> isRunning(exemption, now)));
    var running = Objects.requireNonNull(both.get(true));
    var over = Objects.requireNonNull(both.get(false));
    return running.isEmpty() && over.isEmpty() ? NONE : new ExemptionsInForce(running, over, now);
  }

  private static boolean isRunning(Exemption exemption, Instant now) {
    var end = exemption.end();
    return end == null || now.isBefore(end);
  }

  @Override
  public boolean exemptsFix(Rule rule, Pod pod) {
    return exempting(running, rule, pod).anyMatch(exemption -> !exemption.isForContainers());
  }

  @Override
  public boolean exemptsFix(Rule rule, Pod pod, ContainerRef container) {
    return exempting(running, rule, pod).anyMatch(exemption -> exemption.selects(container));
  }

  @Override
  public FixRuling onFix(Rule rule, Pod pod) {
    var used = reaching(running, rule, pod).toList();
    return new FixRuling(
        used.stream().map(Exemption::grounds).toList(),
        used.stream().flatMap(exemption -> notice(exemption).stream()).toList(),
        reaching(over, rule, pod).map(ExemptionsInForce::expired).findFirst().orElse(""));
  }

  private static Stream<Exemption> reaching(List<Exemption> some, Rule rule, Pod pod) {
    return exempting(some, rule, pod)
        .filter(exemption ->
            !exemption.isForContainers()
                || rule.containersOf(pod).stream().anyMatch(exemption::selects));
  }

  private static Stream<Exemption> exempting(List<Exemption> some, Rule rule, Pod pod) {
    return some.stream()
        .filter(exemption -> exemption.rules().contains(rule.name()))
        .filter(exemption -> exemption.selects(pod) && exemptsFix(rule, exemption));
  }

  private static boolean exemptsFix(Rule rule, Exemption exemption) {
    return !(rule instanceof Rule.Bounded<?> bounded) || exemptsFix(bounded, exemption);
  }

  private static <V extends Record> boolean exemptsFix(Rule.Bounded<V> rule, Exemption exemption) {
    return rule.exemptsFix(rule.values().cast(Objects.requireNonNull(exemption.values())));
  }

  @Override
  public Ruling on(Rule rule, Violation violation, PodIndex pod) {
    var used =
        running.stream()
            .filter(exemption -> exemption.selects(violation, pod))
            .filter(exemption ->
                !remainder(rule, List.of(exemption), violation, pod).equals(Optional.of(violation)))
            .toList();
    var remaining = used.isEmpty() ? violation : remainder(rule, used, violation, pod).orElse(null);
    var expired =
        remaining == null
            ? ""
            : over.stream()
                .filter(exemption -> exemption.selects(violation, pod))
                .filter(exemption ->
                    !remainder(rule, List.of(exemption), remaining, pod)
                        .equals(Optional.of(remaining)))
                .map(ExemptionsInForce::expired)
                .findFirst()
                .orElse("");
    return new Ruling(
        remaining,
        expired,
        used.stream().map(Exemption::grounds).toList(),
        used.stream().flatMap(exemption -> notice(exemption).stream()).toList());
  }

  private static String expired(Exemption exemption) {
    return exemption.title() + " expired on " + exemption.expires();
  }

  /** What of a violation these exemptions leave, which select it. */
  private static Optional<Violation> remainder(
      Rule rule, List<Exemption> exemptions, Violation violation, PodIndex pod) {
    return rule instanceof Rule.Bounded<?> bounded
        ? beyondBounds(bounded, exemptions, violation, pod)
        : Optional.empty();
  }

  private static <V extends Record> Optional<Violation> beyondBounds(
      Rule.Bounded<V> rule, List<Exemption> exemptions, Violation violation, PodIndex pod) {
    var granted =
        exemptions.stream()
            .map(exemption -> rule.values().cast(Objects.requireNonNull(exemption.values())))
            .toList();
    return rule.remainder(granted, violation, pod);
  }

  private Optional<String> notice(Exemption exemption) {
    var expires = exemption.expires();
    if (expires == null || now.isBefore(expires.end().minus(NOTICE))) {
      return Optional.empty();
    }
    var end = Objects.requireNonNull(exemption.end());
    return Optional.of(
        exemption.title()
            + (now.isBefore(expires.end())
                ? " expires on " + expires
                : " expired on " + expires + "; pods pass until " + end.atOffset(ZoneOffset.UTC)));
  }
}
