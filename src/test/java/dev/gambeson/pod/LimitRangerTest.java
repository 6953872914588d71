package dev.gambeson.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LimitRanger plugin set: cpu request for container job",
        "LimitRanger plugin set: memory request for init container setup",
        "LimitRanger plugin set: ephemeral-storage limit for init container setup",
        "LimitRanger plugin set: cpu, nvidia.com/gpu request for container web",
        "LimitRanger plugin set: cpu request for container none"
      })
  void whatItsContainerDoesNotHaveItDidNotSet(String text) {
    assertThat(LimitRanger.resources(pod(text))).isEmpty();
  }

  private static Pod pod(String text) {
    var some = new Quantity("1");
    return new PodBuilder()
        .withNewMetadata()
        .addToAnnotations("kubernetes.io/limit-ranger", text)
        .endMetadata()
        .withNewSpec()
        .addNewInitContainer()
        .withName("setup")
        .withNewResources()
        .addToRequests("ephemeral-storage", some)
        .endResources()
        .endInitContainer()
        .addNewContainer()
        .withName("web")
        .withNewResources()
        .addToRequests(Map.of("cpu", some, "memory", some))
        .addToLimits("memory", some)
        .endResources()
        .endContainer()
        .addNewContainer()
        .withName("job")
        .endContainer()
        .endSpec()
        .build();
  }
}
