package dev.gambeson.review;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.admission.MalformedReviewException;
import dev.gambeson.pod.Amount;
import dev.gambeson.rule.Violation;
import dev.gambeson.verdict.CheckMode;
import dev.gambeson.verdict.FixResult;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What changes between two verdicts on the same objects.
 *
 * @param changes the objects whose verdicts differ
 * @param added what the pods of each namespace ask for more
 * @param problems what cannot be judged
 */
public record Comparison(List<Change> changes, List<Added> added, List<String> problems) {
  private static final String REQUESTS = "requests.";

  public Comparison {
    changes = List.copyOf(changes);
    added = List.copyOf(added);
    problems = List.copyOf(problems);
  }

  /**
   * An object whose verdicts differ.
   *
   * @param newlyFixed rules, each with the risk of what its fix changes
   * @param newlyRefused why it is refused that was not, in words
   * @param noLongerRefused why it was refused that is not, in words
   */
  public record Change(
      String object,
      List<String> newlyFixed,
      List<String> noLongerFixed,
      List<String> newlyRefused,
      List<String> noLongerRefused) {
    public Change {
      newlyFixed = List.copyOf(newlyFixed);
      noLongerFixed = List.copyOf(noLongerFixed);
      newlyRefused = List.copyOf(newlyRefused);
      noLongerRefused = List.copyOf(noLongerRefused);
    }

    private boolean isEmpty() {
      return newlyFixed.isEmpty()
          && noLongerFixed.isEmpty()
          && newlyRefused.isEmpty()
          && noLongerRefused.isEmpty();
    }
  }

  /**
   * What the pods of a namespace ask for more, all replicas together.
   *
   * @param resource {@code requests.cpu}
   * @param exceeded the ResourceQuotas that have no room for it, in words
   */
  public record Added(String namespace, String resource, BigDecimal amount, List<String> exceeded) {
    public Added {
      exceeded = List.copyOf(exceeded);
    }
  }

  /**
   * Compares.
   *
   * @param objects those to judge, and the ResourceQuotas of their namespaces
   * @param pods that run, which say how many pods a controller has that is not read
   */
  public static Comparison of(
      List<KubernetesObject> objects,
      List<RunningPods> pods,
      ReviewTerms before,
      ReviewTerms after) {
    var first = new ObjectReview(before, objects.stream());
    var second = new ObjectReview(after, objects.stream());
    var counts = new IdentityHashMap<KubernetesObject, Long>();
    pods.forEach(group -> counts.put(group.pod(), group.count()));
    var changes = new ArrayList<Change>();
    var problems = new ArrayList<String>();
    var added = new TreeMap<String, Map<String, BigDecimal>>();
    for (var object : objects) {
      try {
        var one = first.judge(object);
        var other = second.judge(object);
        if (one.isPresent() && other.isPresent()) {
          var change = change(one.get(), other.get());
          if (!change.isEmpty()) {
            changes.add(change);
          }
          var more =
              added.computeIfAbsent(other.get().review().namespace(), key -> new TreeMap<>());
          var replicas = BigDecimal.valueOf(counts.getOrDefault(object, replicas(object)));
          second
              .requests(other.get())
              .forEach(
                  (name, amount) -> more.merge(name, amount.multiply(replicas), BigDecimal::add));
          first
              .requests(one.get())
              .forEach((name, amount) ->
                  more.merge(name, amount.multiply(replicas).negate(), BigDecimal::add));
        }
      } catch (MalformedReviewException e) {
        problems.add(Violation.clean(first.title(object) + ": " + e.getMessage()));
      }
    }
    return new Comparison(changes, added(added, objects), problems);
  }

  private static Change change(JudgedObject before, JudgedObject after) {
    var fixedBefore = fixes(before);
    var fixedAfter = fixes(after);
    var refusedBefore = refused(before);
    var refusedAfter = refused(after);
    return new Change(
        after.title(),
        without(fixedAfter, fixedBefore),
        without(fixedBefore, fixedAfter),
        without(refusedAfter, refusedBefore),
        without(refusedBefore, refusedAfter));
  }

  private static List<String> without(Map<String, String> all, Map<String, String> others) {
    return all.entrySet().stream()
        .filter(entry -> !others.containsKey(entry.getKey()))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** Rules, each with the worst risk of its changes. */
  private static Map<String, String> fixes(JudgedObject object) {
    return object.review().fixed().stream()
        .filter(FixResult::changedAnything)
        .collect(
            Collectors.toMap(
                FixResult::rule,
                fix ->
                    fix.rule()
                        + " ("
                        + fix.changes().stream()
                            .map(FixResult.Change::risk)
                            .reduce((one, other) -> one.compareTo(other) > 0 ? one : other)
                            .orElseThrow()
                        + ")",
                (one, other) -> one,
                TreeMap::new));
  }

  private static Map<String, String> refused(JudgedObject object) {
    var all = new TreeMap<String, String>();
    for (var finding : object.findings(CheckMode.ENFORCE)) {
      var violation = finding.violation();
      all.put(
          violation.rule() + " " + violation.container() + " " + violation.path(),
          finding.message(object.pod()));
    }
    return all;
  }

  private static long replicas(KubernetesObject object) {
    var value = object.value();
    var count =
        switch (object.kind()) {
          case "DaemonSet" -> value.at("/status/desiredNumberScheduled");
          case "Job" -> value.at("/spec/parallelism");
          case "CronJob" -> value.at("/spec/jobTemplate/spec/parallelism");
          default -> value.at("/spec/replicas");
        };
    return count.asLong(1);
  }

  private static List<Added> added(
      Map<String, Map<String, BigDecimal>> added, List<KubernetesObject> objects) {
    var quotas =
        objects.stream()
            .filter(object -> object.kind().equals("ResourceQuota"))
            .filter(quota -> quota.value().at("/spec/scopes").isEmpty())
            .filter(quota -> quota.value().at("/spec/scopeSelector").isMissingNode())
            .collect(Collectors.groupingBy(quota -> quota.namespace("")));
    var all = new ArrayList<Added>();
    added.forEach((namespace, resources) ->
        resources.forEach((name, amount) -> {
          if (amount.signum() != 0) {
            all.add(
                new Added(
                    namespace,
                    REQUESTS + name,
                    amount,
                    exceeded(name, amount, quotas.getOrDefault(namespace, List.of()))));
          }
        }));
    return all;
  }

  private static List<String> exceeded(
      String name, BigDecimal more, List<KubernetesObject> quotas) {
    var all = new ArrayList<String>();
    for (var quota : quotas) {
      for (var key : List.of(REQUESTS + name, name)) {
        var hard = amount(quota.value().at("/spec/hard").path(key));
        var used = amount(quota.value().at("/status/used").path(key));
        if (hard != null
            && more.signum() > 0
            && more.add(used == null ? BigDecimal.ZERO : used).compareTo(hard) > 0) {
          all.add(
              "ResourceQuota %s: %s of %s are used"
                  .formatted(
                      quota.value().at("/metadata/name").asText(),
                      quota.value().at("/status/used").path(key).asText("0"),
                      quota.value().at("/spec/hard").path(key).asText()));
        }
      }
    }
    return all;
  }

  private static @Nullable BigDecimal amount(JsonNode value) {
    var quantity = value.isMissingNode() ? null : Amount.parse(value.asText());
    return quantity == null ? null : Amount.of(quantity).orElse(null);
  }
}
