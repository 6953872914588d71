package dev.gambeson.review;

import java.util.List;

/**
 * A workload whose next pods are not like those that run.
 *
 * @param workload {@code Deployment shop/web}
 * @param profile that judges its next pods
 * @param refused why they are refused, in words; empty where they are only changed
 * @param changes what fixes change in them, one rule each, with the risk
 * @param stale how many pods run without these changes, or would be refused
 * @param running how many pods run
 * @param state why none runs: {@code scaled to zero}, for example; empty where some do
 */
public record StaleWorkload(
    String workload,
    String profile,
    List<String> refused,
    List<String> changes,
    long stale,
    long running,
    String state) {
  public StaleWorkload {
    refused = List.copyOf(refused);
    changes = List.copyOf(changes);
  }
}
