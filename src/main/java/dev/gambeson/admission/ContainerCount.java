package dev.gambeson.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.pod.ContainerRef;
import java.util.Optional;
import java.util.stream.Stream;

/** How many containers a pod may have to be judged. */
final class ContainerCount {
  /** Far beyond what a node runs of one pod; so many are judged well within a webhook's timeout. */
  private static final int MAX = 500;

  private ContainerCount() {}

  /** What to say of a pod that has more; empty where it has not. */
  static Optional<String> exceeded(JsonNode pod) {
    int count =
        Stream.of(ContainerRef.Kind.values())
            .mapToInt(kind -> pod.path("spec").path(kind.field()).size())
            .sum();
    return count <= MAX
        ? Optional.empty()
        : Optional.of(
            "Gambeson judges pods of up to "
                + MAX
                + " containers, and this one has "
                + count
                + ": make several pods of it");
  }
}
