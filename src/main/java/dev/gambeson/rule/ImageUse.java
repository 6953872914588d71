package dev.gambeson.rule;

import static dev.gambeson.pod.Fields.IMAGE;
import static dev.gambeson.pod.Fields.IMAGE_PULL_POLICY;
import static dev.gambeson.pod.Fields.PULL_POLICY;
import static dev.gambeson.pod.Fields.REFERENCE;
import static dev.gambeson.pod.Fields.VOLUMES;
import static dev.gambeson.pod.Fields.VOLUME_IMAGE;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.ImageReference;
import dev.gambeson.pod.PodPatch;
import io.fabric8.kubernetes.api.model.ImageVolumeSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An image that a pod uses: a container runs it, or a volume of type {@code image} mounts it. */
public sealed interface ImageUse {

  /** The image of each of these containers, then those of the pod's volumes. */
  static List<ImageUse> of(List<ContainerRef> containers, Pod pod) {
    var uses = new ArrayList<ImageUse>();
    containers.forEach(container -> uses.add(new OfContainer(container)));
    var volumes = pod.getSpec().getVolumes();
    for (int i = 0; i < volumes.size(); i++) {
      if (volumes.get(i).getImage() != null) {
        uses.add(new OfVolume(volumes.get(i), i));
      }
    }
    uses.removeIf(use -> use.reference().isBlank());
    return uses;
  }

  /** The image reference as written. */
  String reference();

  /** Changes the image reference. */
  void refer(PodPatch patch, String reference);

  /** The pull policy; null where there is none yet. */
  @Nullable String pullPolicy();

  /** Changes the pull policy. */
  void pull(PodPatch patch, String policy);

  /** What is wanted of the reference: first of all, that it can be read. */
  default String wanted(String otherwise) {
    return ImageReference.fault(reference())
        .map(fault -> "a readable reference: " + fault)
        .orElse(otherwise);
  }

  /** Starts a violation of the rule's own options by the image reference. */
  Violations.Draft atReference(Violations violations);

  /** Reports the pull policy as a violation of the rule's own options. */
  void reportPullPolicy(Violations violations, String wanted, Object remedy);

  /** The image that a container runs. */
  record OfContainer(ContainerRef container) implements ImageUse {
    @Override
    public String reference() {
      return container.image();
    }

    @Override
    public void refer(PodPatch patch, String reference) {
      patch.container(container).replace(IMAGE, reference);
    }

    @Override
    public @Nullable String pullPolicy() {
      return container.container().getImagePullPolicy();
    }

    @Override
    public void pull(PodPatch patch, String policy) {
      patch.container(container).replace(IMAGE_PULL_POLICY, policy);
    }

    @Override
    public Violations.Draft atReference(Violations violations) {
      return violations.at(container, container.path("image")).found(reference());
    }

    @Override
    public void reportPullPolicy(Violations violations, String wanted, Object remedy) {
      violations
          .at(container, container.path("imagePullPolicy"))
          .found(found(pullPolicy()))
          .wanted(wanted)
          .remedy(remedy);
    }
  }

  /** The image that a volume mounts. */
  record OfVolume(Volume volume, int position) implements ImageUse {
    @Override
    public String reference() {
      var reference = volume.getImage().getReference();
      return reference == null ? "" : reference;
    }

    @Override
    public void refer(PodPatch patch, String reference) {
      source(patch).replace(REFERENCE, reference);
    }

    @Override
    public @Nullable String pullPolicy() {
      return volume.getImage().getPullPolicy();
    }

    @Override
    public void pull(PodPatch patch, String policy) {
      source(patch).replace(PULL_POLICY, policy);
    }

    @Override
    public Violations.Draft atReference(Violations violations) {
      return violations.at(path("reference")).found(inVolume(reference()));
    }

    @Override
    public void reportPullPolicy(Violations violations, String wanted, Object remedy) {
      violations
          .at(path("pullPolicy"))
          .found(inVolume(found(pullPolicy())))
          .wanted(wanted)
          .remedy(remedy);
    }

    private PodPatch.Target<ImageVolumeSource> source(PodPatch patch) {
      return patch.spec().element(VOLUMES, position).child(VOLUME_IMAGE);
    }

    private FieldPath path(String field) {
      return FieldPath.of("spec", "volumes", position, "image", field);
    }

    private String inVolume(String found) {
      return found + " in volume \"" + volume.getName() + "\"";
    }
  }

  private static String found(@Nullable String policy) {
    return policy == null || policy.isEmpty() ? "nothing" : policy;
  }
}
