package dev.gambeson.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodTemplateTest {

  @ParameterizedTest
  @CsvSource({
    "apps/v1, Deployment, spec.template, ReplicaSet",
    "extensions/v1beta1, Deployment, spec.template, ReplicaSet",
    "apps/v1, ReplicaSet, spec.template, ReplicaSet",
    "apps/v1, StatefulSet, spec.template, StatefulSet",
    "apps/v1, DaemonSet, spec.template, DaemonSet",
    "v1, ReplicationController, spec.template, ReplicationController",
    "batch/v1, Job, spec.template, Job",
    "batch/v1, CronJob, spec.jobTemplate.spec.template, Job",
    "v1, PodTemplate, template,",
    "v1, Pod, '',",
  })
  void findsThePodOfAWorkload(String apiVersion, String kind, String path, String ownerKind) {
    var template = PodTemplate.of(apiVersion, kind).orElseThrow();
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .addToLabels("app", "web")
            .endMetadata()
            .withNewSpec()
            .endSpec()
            .build();

    template.create(pod, "shop", "web", List.of());

    assertThat(template.path()).hasToString(path);
    assertThat(PodTraits.controllerKind(pod).orElse(null)).isEqualTo(ownerKind);
    assertThat(pod.getMetadata().getNamespace()).isEqualTo("shop");
    assertThat(pod.getMetadata().getLabels()).containsEntry("app", "web");
  }

  @ParameterizedTest
  @CsvSource({
    "v1, Service",
    "apps/v1, ControllerRevision",
    "batch.volcano.sh/v1alpha1, Job",
    "serving.knative.dev/v1, Deployment",
    "apps/v1, Pod",
  })
  void otherKindsDescribeNoPod(String apiVersion, String kind) {
    assertThat(PodTemplate.of(apiVersion, kind)).isEmpty();
  }

  @Test
  void aClaimTakesThePlaceOfAVolumeOfItsName() {
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .endMetadata()
            .withNewSpec()
            .addNewVolume()
            .withName("data")
            .withNewEmptyDir()
            .endEmptyDir()
            .endVolume()
            .endSpec()
            .build();

    PodTemplate.of("apps/v1", "StatefulSet")
        .orElseThrow()
        .create(pod, "shop", "db", List.of("data", "logs"));

    assertThat(pod.getSpec().getVolumes())
        .extracting(volume -> volume.getPersistentVolumeClaim().getClaimName())
        .containsExactly("data-db-0", "logs-db-0");
  }

  @Test
  void aPodKeepsItsNameAndItsOwners() {
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("web-0")
            .addNewOwnerReference()
            .withController(true)
            .withKind("StatefulSet")
            .endOwnerReference()
            .endMetadata()
            .withNewSpec()
            .endSpec()
            .build();

    PodTemplate.of("v1", "Pod").orElseThrow().create(pod, "shop", "web-0", List.of());

    assertThat(pod.getMetadata().getName()).isEqualTo("web-0");
    assertThat(PodTraits.controllerKind(pod)).contains("StatefulSet");
  }
}
