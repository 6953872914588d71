package dev.gambeson.adopt;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.admission.TemplateReview;
import dev.gambeson.review.JudgedObject;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Tell;
import dev.gambeson.rules.Rules;
import dev.gambeson.verdict.FixResult;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The fixes of one workload that may stop a container, and the commands that tell. */
final class RiskyFixes {
  private static final String CONTAINERS = "containers";

  /** Those whose pods kubectl finds; the pods of a CronJob come and go. */
  private static final Set<String> WITH_PODS =
      Set.of(
          "Pod",
          "Deployment",
          "StatefulSet",
          "DaemonSet",
          "ReplicaSet",
          "ReplicationController",
          "Job");

  private final TemplateReview review;
  private final boolean runs;
  private final String workload;
  private final JsonNode pod;
  private final Map<String, Mount> mounts;

  private RiskyFixes(JudgedObject judged) {
    this.review = judged.review();
    this.runs = !judged.isForeign() && runs(review);
    this.workload = review.kind().toLowerCase(Locale.ROOT) + "/" + review.name();
    this.pod = review.object().at(review.template().field("spec").pointer());
    this.mounts = mounts(pod);
  }

  /** Each once, in the order of the fixes. */
  static Set<RiskyFix> of(JudgedObject judged) {
    var fixes = new RiskyFixes(judged);
    var all = new LinkedHashSet<RiskyFix>();
    for (var fixed : judged.review().fixed()) {
      var rule = (Rule.Fix) Rules.named(fixed.rule()).orElseThrow();
      for (var change : fixed.changes()) {
        if (change.risk().compareTo(Risk.SCHEDULING) > 0) {
          all.add(fixes.of(rule, change));
        }
      }
    }
    return all;
  }

  private RiskyFix of(Rule.Fix rule, FixResult.Change change) {
    var place = change.path().segments();
    int spec = review.template().depth() + 1;
    var list = place.size() > spec ? place.get(spec).toString() : "";
    int position =
        list.toLowerCase(Locale.ROOT).endsWith(CONTAINERS)
                && place.size() > spec + 1
                && place.get(spec + 1) instanceof Integer index
            ? index
            : -1;
    var mount = list.equals("volumes") ? mount(place.get(spec + 1)) : Optional.<Mount>empty();
    var container =
        position >= 0
            ? pod.path(list).path(position).path("name").asText()
            : mount
                .map(Mount::container)
                .orElseGet(() -> pod.path(CONTAINERS).path(0).path("name").asText());
    boolean isAsked = runs && (position < 0 || list.equals(CONTAINERS));
    var command =
        rule.tell()
            .flatMap(
                tell -> command(tell.command(), isAsked ? container : "", mount.map(Mount::path)));
    return new RiskyFix(
        workload,
        container,
        rule.name(),
        change.risk(),
        command.orElse(null),
        rule.tell().map(Tell::meaning).orElse(""));
  }

  /**
   * The command with its placeholders filled in; empty where that cannot be.
   *
   * @param container empty where none runs that could be asked
   */
  private Optional<String> command(String template, String container, Optional<String> mount) {
    boolean asksContainer = template.contains(Tell.EXEC);
    boolean asksMount = template.contains(Tell.MOUNT);
    if ((asksContainer && container.isEmpty()) || (asksMount && mount.isEmpty())) {
      return Optional.empty();
    }
    return Optional.of(
        template
            .replace(
                Tell.EXEC,
                "kubectl exec -n %s %s -c %s --"
                    .formatted(
                        Shell.quoted(review.namespace()),
                        Shell.quoted(workload),
                        Shell.quoted(container)))
            .replace(Tell.NAMESPACE, Shell.quoted(review.namespace()))
            .replace(Tell.ACCOUNT, Shell.quoted(pod.path("serviceAccountName").asText("default")))
            .replace(Tell.MOUNT, Shell.quoted(mount.orElse(""))));
  }

  /** Whether it has pods that can be asked. */
  private static boolean runs(TemplateReview review) {
    return WITH_PODS.contains(review.kind())
        && review.object().at("/spec/replicas").asInt(1) > 0
        && review.object().at("/status/desiredNumberScheduled").asInt(1) > 0;
  }

  private record Mount(String container, String path) {}

  /** Where containers mount volumes, the first that do, by the names of the volumes. */
  private static Map<String, Mount> mounts(JsonNode pod) {
    var mounts = new HashMap<String, Mount>();
    for (var container : pod.path(CONTAINERS)) {
      for (var mount : container.path("volumeMounts")) {
        mounts.putIfAbsent(
            mount.path("name").asText(),
            new Mount(container.path("name").asText(), mount.path("mountPath").asText()));
      }
    }
    return mounts;
  }

  /** Where a container mounts the volume at a position of the pod's list. */
  private Optional<Mount> mount(Object position) {
    var volume = pod.path("volumes").path((Integer) position).path("name").asText();
    return Optional.ofNullable(mounts.get(volume));
  }
}
