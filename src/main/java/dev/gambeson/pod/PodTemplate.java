package dev.gambeson.pod;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where an object of some kind describes a pod, and which controller creates that pod.
 *
 * @param path of the part of the object that has the pod's {@code metadata} and {@code spec}; the
 *     root for a Pod
 * @param owner the controller that creates the pods; null where nobody does it for sure
 */
public record PodTemplate(FieldPath path, @Nullable Owner owner) {

  /**
   * The kind of a controller of pods.
   *
   * @param account the service account in {@code kube-system} by which it creates them
   */
  public record Owner(String apiVersion, String kind, String account) {}

  private static final FieldPath SPEC_TEMPLATE = FieldPath.of("spec", "template");
  private static final Set<String> GROUPS = Set.of("apps", "extensions", "batch");

  private static final PodTemplate POD = new PodTemplate(FieldPath.ROOT, null);
  private static final PodTemplate OF_REPLICA_SET =
      new PodTemplate(SPEC_TEMPLATE, new Owner("apps/v1", "ReplicaSet", "replicaset-controller"));
  private static final PodTemplate OF_JOB =
      new PodTemplate(SPEC_TEMPLATE, new Owner("batch/v1", "Job", "job-controller"));

  private static final Map<String, PodTemplate> CORE =
      Map.of(
          "Pod",
          POD,
          "PodTemplate",
          new PodTemplate(FieldPath.of("template"), null),
          "ReplicationController",
          new PodTemplate(
              SPEC_TEMPLATE, new Owner("v1", "ReplicationController", "replication-controller")));

  private static final Map<String, PodTemplate> WORKLOADS =
      Map.of(
          "Deployment",
          OF_REPLICA_SET,
          "ReplicaSet",
          OF_REPLICA_SET,
          "StatefulSet",
          new PodTemplate(
              SPEC_TEMPLATE, new Owner("apps/v1", "StatefulSet", "statefulset-controller")),
          "DaemonSet",
          new PodTemplate(
              SPEC_TEMPLATE, new Owner("apps/v1", "DaemonSet", "daemon-set-controller")),
          "Job",
          OF_JOB,
          "CronJob",
          new PodTemplate(FieldPath.of("spec", "jobTemplate", "spec", "template"), OF_JOB.owner()));

  /** The template in objects of that kind; empty for a kind that describes no pod. */
  public static Optional<PodTemplate> of(String apiVersion, String kind) {
    int slash = apiVersion.indexOf('/');
    if (slash < 0) {
      return Optional.ofNullable(CORE.get(kind));
    }
    return GROUPS.contains(apiVersion.substring(0, slash))
        ? Optional.ofNullable(WORKLOADS.get(kind))
        : Optional.empty();
  }

  /** Whether the object itself is the pod. */
  public boolean isPod() {
    return path.isRoot();
  }

  /**
   * Makes the pod of a template what its controller would create from it; a Pod stays what it is,
   * but for its namespace.
   *
   * @param pod the template's {@code metadata} and {@code spec}
   * @param name the name of the object that has the template
   * @param claims the names of the object's {@code volumeClaimTemplates}: the pod has a volume of
   *     each, in place of one of its own that is called so
   */
  public void create(Pod pod, String namespace, String name, List<String> claims) {
    var metadata = new ObjectMetaBuilder(pod.getMetadata()).withNamespace(namespace);
    if (!isPod()) {
      metadata.withName(null).withGenerateName(name + "-");
    }
    if (owner != null) {
      metadata.withOwnerReferences(
          List.of(
              new OwnerReferenceBuilder()
                  .withApiVersion(owner.apiVersion())
                  .withKind(owner.kind())
                  .withName(name)
                  .withUid("")
                  .withController(true)
                  .withBlockOwnerDeletion(true)
                  .build()));
    }
    pod.setMetadata(metadata.build());
    var volumes = new ArrayList<>(pod.getSpec().getVolumes());
    var claimed = new LinkedHashMap<String, Volume>();
    for (var claim : claims) {
      claimed.put(
          claim,
          new VolumeBuilder()
              .withName(claim)
              .withNewPersistentVolumeClaim()
              .withClaimName(claim + "-" + name + "-0")
              .endPersistentVolumeClaim()
              .build());
    }
    volumes.replaceAll(own -> claimed.getOrDefault(own.getName(), own));
    volumes.forEach(own -> claimed.remove(own.getName()));
    volumes.addAll(claimed.values());
    pod.getSpec().setVolumes(volumes);
  }
}
