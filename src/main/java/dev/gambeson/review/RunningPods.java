package dev.gambeson.review;

/**
 * Pods of one workload that are alike.
 *
 * @param workloadKind {@code Deployment}, say; {@code Pod} for a pod without a controller
 * @param workload the name of the workload
 * @param pod one of them, as its author would write it
 * @param count how many there are
 */
public record RunningPods(
    String workloadKind, String namespace, String workload, KubernetesObject pod, long count) {}
