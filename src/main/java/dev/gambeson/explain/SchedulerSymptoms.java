package dev.gambeson.explain;

import static dev.gambeson.explain.Certainty.CERTAIN;
import static dev.gambeson.explain.Certainty.LIKELY;
import static dev.gambeson.explain.Certainty.POSSIBLE;
import static dev.gambeson.explain.Idea.exempt;
import static dev.gambeson.explain.Idea.write;
import static dev.gambeson.explain.Symptom.ofKubelet;

import java.util.List;
import java.util.regex.Pattern;

/** What the scheduler says of pods that it cannot place, or takes away. */
final class SchedulerSymptoms {
  static final List<Symptom> ALL =
      List.of(
          ofKubelet(
              "the pod had to make room for a pod of a higher priority",
              "^(?:Preempted|PreemptionByScheduler|Preempting)\\b",
              "no fix chose the pod's priority class",
              Suspect.of(
                  "PriorityClass",
                  LIKELY,
                  "the fix chose the pod's priority class",
                  write(
                      "Choose a priority class",
                      Ideas.fillIn("the name of a PriorityClass of the cluster")))),
          insufficient("cpu"),
          insufficient("memory"),
          insufficient("ephemeral-storage"),
          ofKubelet(
              "the pod finds no node without another replica",
              "didn't match pod anti-affinity rules",
              "the anti-affinity is the author's",
              Suspect.of(
                  "PodAntiAffinity",
                  CERTAIN,
                  "the fix keeps replicas on different nodes, and the author wrote no anti-affinity",
                  exempt("Let replicas share a node"))),
          ofKubelet(
              "the pod finds no node where a replica is missing",
              "didn't match pod topology spread constraints",
              "the topology spread constraints are the author's",
              Suspect.of(
                  "TopologySpread",
                  CERTAIN,
                  "the fix spreads replicas, and the author wrote no constraint",
                  exempt("Let the scheduler place replicas as it likes"))),
          ofKubelet(
              "the pod finds no node with the labels that it asks for",
              "didn't match Pod's node affinity|Predicate NodeAffinity failed",
              "the node selector and the node affinity are the author's",
              Suspect.of(
                  "NodePlacement",
                  LIKELY,
                  "the fix filled in the node selector",
                  exempt("Leave the choice of nodes to the author"))));

  private SchedulerSymptoms() {}

  private static Symptom insufficient(String resource) {
    return ofKubelet(
        "the pod finds no node with as much %s as it requests".formatted(resource),
        "Insufficient " + Pattern.quote(resource),
        "the requests are the author's",
        requests(LIKELY, "the fix filled in the requests, where the author wrote none", resource)
            .where(hit -> areFilled(resource, hit)),
        requests(
                POSSIBLE,
                "the fix filled in the request of one container; those of others are the author's",
                resource)
            .where(hit -> !areFilled(resource, hit)));
  }

  private static Suspect requests(Certainty certainty, String why, String resource) {
    return Suspect.of(
            "Resources",
            certainty,
            why,
            write("Request what it needs", Ideas.fillIn("what it needs")))
        .in("resources", "requests", resource);
  }

  /** Whether the fix wrote all requests of the pod of that resource. */
  private static boolean areFilled(String resource, Hit hit) {
    long all =
        hit.pod().containers().values().stream()
            .filter(container -> hit.at(container).path("resources").path("requests").has(resource))
            .count();
    long filled =
        hit.pod().filled().stream()
            .filter(field -> field.endsWith("resources", "requests", resource))
            .count();
    return filled == all;
  }
}
