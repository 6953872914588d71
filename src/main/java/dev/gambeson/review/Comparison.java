package dev.gambeson.review;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.admission.MalformedReviewException;
import dev.gambeson.rule.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * What changes between two verdicts on the same objects.
 *
 * @param changes the objects whose verdicts differ
 * @param added what the pods of each namespace ask for more
 * @param problems what cannot be judged
 */
public record Comparison(
    List<ObjectChange> changes, List<AddedResources> added, List<String> problems) {
  public Comparison {
    changes = List.copyOf(changes);
    added = List.copyOf(added);
    problems = List.copyOf(problems);
  }

  /**
   * Compares.
   *
   * @param objects those to judge, and the ResourceQuotas of their namespaces
   * @param pods that run
   */
  public static Comparison of(
      List<KubernetesObject> objects,
      List<RunningPods> pods,
      ReviewTerms before,
      ReviewTerms after) {
    var first = new ObjectReview(before, objects.stream());
    var second = new ObjectReview(after, objects.stream());
    var counts = new PodCounts(pods);
    var changes = new ArrayList<ObjectChange>();
    var problems = new ArrayList<String>();
    var sum = new AddedResources.Sum();
    for (var object : objects) {
      var judgedBefore = first.judgeAll(object, problems);
      var judgedAfter = judgedBefore.isEmpty() ? judgedBefore : second.judgeAll(object, problems);
      try {
        for (int i = 0; i < judgedAfter.size(); i++) {
          var one = judgedBefore.get(i);
          var other = judgedAfter.get(i);
          var change = ObjectChange.between(one, other);
          if (!change.isEmpty()) {
            changes.add(change);
          }
          // Pods that are refused ask for nothing; those that run go on until they are deleted.
          if (other.review().allowed()) {
            var namespace = other.review().namespace();
            long wanted = counts.wanted(object);
            long present = one.review().allowed() ? wanted : counts.running(object);
            sum.add(namespace, second.resources(other), wanted);
            sum.add(namespace, first.resources(one), -present);
          }
        }
      } catch (MalformedReviewException e) {
        problems.add(Violation.clean(second.title(object) + ": " + e.getMessage()));
      }
    }
    return new Comparison(changes, sum.under(objects), problems);
  }

  /** How many pods workloads have. */
  private static final class PodCounts {
    private final IdentityHashMap<KubernetesObject, Long> represented = new IdentityHashMap<>();
    private final Map<String, Long> running = new HashMap<>();

    PodCounts(List<RunningPods> pods) {
      for (var group : pods) {
        represented.put(group.pod(), group.count());
        running.merge(group.title(), group.count(), Long::sum);
      }
    }

    long running(KubernetesObject object) {
      var all = represented.get(object);
      return all != null ? all : running.getOrDefault(object.title(""), 0L);
    }

    /** One pod of a controller that is not read stands for all that are alike. */
    long wanted(KubernetesObject object) {
      var all = represented.get(object);
      return all != null ? all : replicas(object);
    }

    private static long replicas(KubernetesObject object) {
      var value = object.value();
      return switch (object.kind()) {
        case "DaemonSet" -> value.at("/status/desiredNumberScheduled").asLong(1);
        case "Job" -> parallel(value.path("spec"));
        case "CronJob" -> parallel(value.at("/spec/jobTemplate/spec"));
        default -> value.at("/spec/replicas").asLong(1);
      };
    }

    private static long parallel(JsonNode job) {
      long parallelism = job.path("parallelism").asLong(1);
      return Math.min(parallelism, job.path("completions").asLong(parallelism));
    }
  }
}
