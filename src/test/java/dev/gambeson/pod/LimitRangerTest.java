package dev.gambeson.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitRangerTest {

  @Test
  void itNamesTheResourcesOfAllContainers() {
    assertThat(
            LimitRanger.resources(
                pod(
                    "LimitRanger plugin set: cpu, memory request for container web; memory limit"
                        + " for container web; ephemeral-storage request for init container setup")))
        .containsExactlyInAnyOrder("cpu", "memory", "ephemeral-storage");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "cpu request for container web",
        "LimitRanger plugin set: ",
        "LimitRanger plugin set: cpu",
        "LimitRanger plugin set: cpu request for container web; memory",
        "limitranger plugin set: cpu request for container web"
      })
  void anotherTextNamesNone(String text) {
    assertThat(LimitRanger.resources(pod(text))).isEmpty();
  }

  @Test
  void aPodWithoutTheAnnotationNamesNone() {
    assertThat(
            LimitRanger.resources(
                new PodBuilder().withNewMetadata().endMetadata().withNewSpec().endSpec().build()))
        .isEmpty();
  }

  private static Pod pod(String text) {
    return new PodBuilder()
        .withNewMetadata()
        .addToAnnotations("kubernetes.io/limit-ranger", text)
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .build();
  }
}
