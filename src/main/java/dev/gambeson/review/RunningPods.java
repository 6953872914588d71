package dev.gambeson.review;

import dev.gambeson.rule.Violation;

/**
 * Pods of one workload that are alike.
 *
 * @param workloadKind {@code Deployment}, say; {@code Pod} for a pod without a controller
 * @param workload the name of the workload
 * @param pod one of them, as its author would write it
 * @param count how many there are
 */
public record RunningPods(
    String workloadKind, String namespace, String workload, KubernetesObject pod, long count) {

  /** {@code Deployment shop/web}. */
  public String title() {
    return Violation.clean(workloadKind + " " + namespace + "/" + workload);
  }

  /** Whether the pod is judged in place of a workload that is not read. */
  boolean isOfAStranger() {
    return !workloadKind.equals(pod.kind());
  }
}
