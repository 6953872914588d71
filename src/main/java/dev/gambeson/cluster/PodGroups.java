package dev.gambeson.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.admission.AppliedAnnotation;
import dev.gambeson.review.KubernetesObject;
import dev.gambeson.review.RunningPods;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Takes pods, and keeps one of those that are alike. */
final class PodGroups implements Consumer<ObjectNode> {
  private static final String MIRROR = "kubernetes.io/config.mirror";
  private static final List<String> HASHES =
      List.of("pod-template-hash", "controller-revision-hash");
  private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

  private final Controllers controllers;
  private final Map<Key, Group> groups = new LinkedHashMap<>();

  /**
   * What pods that are alike have in common.
   *
   * @param applied which fixes they have
   */
  private record Key(
      Controllers.Workload workload, String controller, String hash, String applied) {}

  private static final class Group {
    private final KubernetesObject pod;
    private final boolean isJudged;
    private long count;

    Group(KubernetesObject pod, boolean isJudged) {
      this.pod = pod;
      this.isJudged = isJudged;
    }
  }

  PodGroups(Controllers controllers) {
    this.controllers = controllers;
  }

  @Override
  public void accept(ObjectNode pod) {
    var metadata = pod.path("metadata");
    var annotations = metadata.path("annotations");
    var controller = Controllers.Reference.of(pod);
    if (annotations.has(MIRROR)
        || metadata.has("deletionTimestamp")
        || (controller == null && ENDED.contains(pod.at("/status/phase").asText()))) {
      return;
    }
    var workload = workload(metadata, controller);
    if (workload == null) {
      return;
    }
    boolean isJudged = controller == null || !controllers.isRead(controller);
    var key =
        new Key(
            workload,
            isJudged && controller != null ? controller.uid() : "",
            controller == null ? "" : hash(pod),
            annotations.path(AppliedAnnotation.NAME).asText());
    groups.computeIfAbsent(key, absent -> group(pod, isJudged)).count++;
  }

  /** What the pod's author wrote; null where that is gone, and the pod will go too. */
  private Controllers.@Nullable Workload workload(
      JsonNode metadata, Controllers.@Nullable Reference controller) {
    var namespace = metadata.path("namespace").asText();
    if (controller == null) {
      return new Controllers.Workload("Pod", namespace, metadata.path("name").asText());
    }
    return controllers.isRead(controller)
        ? controllers.behind(controller).orElse(null)
        : new Controllers.Workload(controller.kind(), namespace, controller.name());
  }

  /** Of pods that no template hash tells apart, those of the same images are alike. */
  private static String hash(JsonNode pod) {
    var labels = pod.at("/metadata/labels");
    return HASHES.stream()
        .map(label -> labels.path(label).asText(""))
        .filter(hash -> !hash.isEmpty())
        .findFirst()
        .orElseGet(() -> images(pod));
  }

  private static String images(JsonNode pod) {
    return Stream.of("initContainers", "containers")
        .flatMap(list -> pod.path("spec").path(list).valueStream())
        .map(container -> container.path("name").asText() + "=" + container.path("image").asText())
        .collect(Collectors.joining(" "));
  }

  private static Group group(ObjectNode pod, boolean isJudged) {
    AuthoredPod.stripPod(pod);
    return new Group(ClusterObjects.object(ListedKind.Pod, pod), isJudged);
  }

  /** The pods to judge: no workload stands for them. */
  List<KubernetesObject> objects() {
    var judged = new LinkedHashMap<Key, KubernetesObject>();
    groups.forEach((key, group) -> {
      if (group.isJudged) {
        judged.putIfAbsent(new Key(key.workload(), key.controller(), key.hash(), ""), group.pod);
      }
    });
    return List.copyOf(judged.values());
  }

  /** All pods. */
  List<RunningPods> groups() {
    var all = new ArrayList<RunningPods>();
    groups.forEach((key, group) -> {
      var workload = key.workload();
      all.add(
          new RunningPods(
              workload.kind(), workload.namespace(), workload.name(), group.pod, group.count));
    });
    return all;
  }
}
