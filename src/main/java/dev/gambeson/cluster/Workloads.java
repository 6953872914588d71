package dev.gambeson.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.review.KubernetesObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Takes the workloads of one kind: those to judge, and what stands behind each. */
final class Workloads implements Consumer<ObjectNode> {
  private static final Set<String> ENDS = Set.of("Complete", "Failed");

  private final ListedKind kind;
  private final Controllers controllers;
  private final List<KubernetesObject> objects = new ArrayList<>();
  private final Map<String, Controllers.Workload> links = new HashMap<>();

  Workloads(ListedKind kind, Controllers controllers) {
    this.kind = kind;
    this.controllers = controllers;
  }

  @Override
  public void accept(ObjectNode item) {
    var metadata = item.path("metadata");
    var uid = metadata.path("uid").asText();
    var own =
        new Controllers.Workload(
            kind.name(), metadata.path("namespace").asText(), metadata.path("name").asText());
    var controller = Controllers.Reference.of(item);
    if (controller != null && controllers.isRead(controller)) {
      controllers.behind(controller).ifPresent(workload -> links.put(uid, workload));
      return;
    }
    links.put(uid, own);
    // Old revisions of an operator's, and Jobs that are over, never create a pod again.
    if (isOver(item) || (controller != null && isOldRevision(item))) {
      return;
    }
    var pods = item.at("/status/desiredNumberScheduled");
    AuthoredPod.strip(item);
    if (!pods.isMissingNode()) {
      item.putObject("status").set("desiredNumberScheduled", pods);
    }
    // What controls it is not read: this is where its pods are judged.
    item.withObject("/metadata").remove("ownerReferences");
    objects.add(ClusterObjects.object(kind, item));
  }

  private boolean isOldRevision(JsonNode item) {
    return kind == ListedKind.ReplicaSet && item.at("/spec/replicas").asInt(1) == 0;
  }

  private boolean isOver(JsonNode item) {
    return kind == ListedKind.Job
        && item.at("/status/conditions")
            .valueStream()
            .anyMatch(condition ->
                ENDS.contains(condition.path("type").asText())
                    && condition.path("status").asText().equals("True"));
  }

  List<KubernetesObject> objects() {
    return objects;
  }

  /** What stands behind an object of this kind, by its uid. */
  Map<String, Controllers.Workload> links() {
    return links;
  }
}
