package dev.gambeson.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which workload stands behind a controller: a ReplicaSet is a Deployment's, a Job a CronJob's. */
final class Controllers {
  private final Set<ListedKind> read = EnumSet.noneOf(ListedKind.class);
  private final Map<String, Workload> workloads = new HashMap<>();

  /** What an author wrote. */
  record Workload(String kind, String namespace, String name) {}

  /** The controller of an object, as its owner reference names it. */
  record Reference(String apiVersion, String kind, String name, String uid) {
    static @Nullable Reference of(JsonNode object) {
      return object
          .at("/metadata/ownerReferences")
          .valueStream()
          .filter(owner -> owner.path("controller").asBoolean())
          .findFirst()
          .map(owner ->
              new Reference(
                  owner.path("apiVersion").asText(),
                  owner.path("kind").asText(),
                  owner.path("name").asText(),
                  owner.path("uid").asText()))
          .orElse(null);
    }
  }

  /** Learns what stands behind all objects of a kind. */
  void add(ListedKind kind, Map<String, Workload> links) {
    read.add(kind);
    workloads.putAll(links);
  }

  /** Whether the objects of the kind of that controller were read. */
  boolean isRead(Reference controller) {
    return read.stream()
        .anyMatch(kind ->
            kind.name().equals(controller.kind())
                && kind.apiVersion.equals(controller.apiVersion()));
  }

  /** What stands behind a controller; empty where it is gone, or its kind was not read. */
  Optional<Workload> behind(Reference controller) {
    return Optional.ofNullable(workloads.get(controller.uid()));
  }
}
