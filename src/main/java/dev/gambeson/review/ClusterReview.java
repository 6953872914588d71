package dev.gambeson.review;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Violation;
import dev.gambeson.verdict.CheckMode;
import dev.gambeson.verdict.FixResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Judges what a live cluster holds. */
public final class ClusterReview {
  /** The kinds that say which namespaces the webhooks cover. */
  public static final Set<String> WEBHOOKS =
      Set.of("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration");

  private static final String NAME = "cluster";

  private final List<KubernetesObject> objects;
  private final List<RunningPods> pods;
  private final IdentityHashMap<KubernetesObject, RunningPods> groups = new IdentityHashMap<>();
  private final ObjectReview review;
  private final List<String> problems = new ArrayList<>();

  /**
   * Creates it.
   *
   * @param objects of the cluster
   * @param pods that run, by workload
   */
  public ClusterReview(List<KubernetesObject> objects, List<RunningPods> pods, ReviewTerms terms) {
    this.objects = List.copyOf(objects);
    this.pods = List.copyOf(pods);
    pods.forEach(group -> groups.put(group.pod(), group));
    review = new ObjectReview(terms, objects.stream());
  }

  /** Which namespaces the webhooks do not cover, or not wholly, each kind of them in one line. */
  public List<String> uncovered() {
    return review.uncovered();
  }

  /** Judges all workloads. */
  public Review review() {
    var judged = new ArrayList<JudgedObject>();
    for (var object : objects) {
      judge(object)
          .map(item -> Optional.ofNullable(groups.get(object)).map(item::standingFor).orElse(item))
          .ifPresent(judged::add);
    }
    var document = new ReviewedFile.Document(null, judged, List.of());
    return new Review(
        List.of(new ReviewedFile(NAME, "", "", List.of(document))), problems, List.of());
  }

  /** The workloads whose next pods are not like those that run, refused ones first. */
  public List<StaleWorkload> stale() {
    var running = new TreeMap<String, List<RunningPods>>();
    for (var group : pods) {
      running.computeIfAbsent(group.title(), key -> new ArrayList<>()).add(group);
    }
    var all = new ArrayList<StaleWorkload>();
    for (var object : objects) {
      judge(object)
          .flatMap(judged -> stale(judged, running.getOrDefault(title(object), List.of())))
          .ifPresent(all::add);
    }
    all.sort(Comparator.comparing(workload -> workload.refused().isEmpty()));
    return all;
  }

  /** What could not be judged. */
  public List<String> problems() {
    return problems;
  }

  /** A pod that stands for others goes by the name of their owner. */
  private String title(KubernetesObject object) {
    var group = groups.get(object);
    return group == null ? object.title("") : group.title();
  }

  private Optional<StaleWorkload> stale(JudgedObject workload, List<RunningPods> alike) {
    var refused =
        workload.findings(CheckMode.ENFORCE).stream()
            .map(finding -> finding.message(workload.pod()))
            .toList();
    long running = alike.stream().mapToLong(RunningPods::count).sum();
    var changes = new TreeMap<String, Risk>();
    long stale = 0;
    if (alike.isEmpty()) {
      addTo(changes, workload.review().fixed());
    }
    for (var group : alike) {
      var now = judge(group.pod());
      var fixed = now.map(pod -> pod.review().fixed()).orElse(List.of());
      addTo(changes, fixed);
      stale += refused.isEmpty() && fixed.isEmpty() ? 0 : group.count();
    }
    if (refused.isEmpty() && changes.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new StaleWorkload(
            alike.isEmpty() ? workload.title() : alike.getFirst().title(),
            workload.review().choice().profile().name(),
            refused,
            changes.entrySet().stream()
                .map(change -> change.getKey() + " (" + change.getValue() + ")")
                .toList(),
            stale,
            running,
            running > 0 ? "" : state(workload.review().object())));
  }

  private static void addTo(Map<String, Risk> changes, List<FixResult> fixes) {
    for (var fix : fixes) {
      fix.changes().forEach(change -> changes.merge(fix.rule(), change.risk(), Risk::worse));
    }
  }

  private static String state(JsonNode object) {
    var spec = object.path("spec");
    if (spec.has("schedule")) {
      return (spec.path("suspend").asBoolean() ? "suspended, schedule " : "schedule ")
          + Violation.clean(spec.path("schedule").asText());
    }
    return spec.has("replicas") && spec.path("replicas").asInt() == 0
        ? "scaled to zero"
        : "no pod runs";
  }

  private Optional<JudgedObject> judge(KubernetesObject object) {
    return review.judgeAll(object, problems).stream().findFirst();
  }
}
