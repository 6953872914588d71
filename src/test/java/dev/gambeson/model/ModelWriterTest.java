package dev.gambeson.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gambeson.pod.PodGenerator;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is written without reflection is what Jackson writes. */
class ModelWriterTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Test
  void everyFieldOfTheModelIsWritten() throws Exception {
    var full = MAPPER.treeToValue(new FullObject(Set.of()).of(Pod.class), Pod.class);

    for (var part : parts(full)) {
      assertIsWrittenAsByJackson(part);
    }
  }

  @Test
  void partsOfAnyPodAreWritten() throws Exception {
    for (int seed = 0; seed < 500; seed++) {
      for (var part : parts(MAPPER.treeToValue(PodGenerator.pod(seed), Pod.class))) {
        assertIsWrittenAsByJackson(part);
      }
    }
  }

  /** What a patch may have in it. */
  private static List<Object> parts(Pod pod) {
    var spec = pod.getSpec();
    var parts = new ArrayList<Object>();
    parts.add(spec.getVolumes());
    parts.add(spec.getTolerations());
    parts.add(spec.getTopologySpreadConstraints());
    parts.add(spec.getImagePullSecrets());
    parts.add(spec.getAffinity());
    parts.add(spec.getSecurityContext());
    for (var containers : List.of(spec.getContainers(), spec.getInitContainers())) {
      parts.add(containers);
      for (var container : containers) {
        parts.addAll(partsOf(container));
      }
    }
    parts.removeIf(Objects::isNull);
    return parts;
  }

  private static List<Object> partsOf(Container container) {
    return Arrays.asList(
        container.getEnv(),
        container.getVolumeMounts(),
        container.getLifecycle(),
        container.getLivenessProbe(),
        container.getResources(),
        container.getSecurityContext());
  }

  @Test
  void whatTheModelDoesNotKnowIsWritten() throws Exception {
    var variable = new EnvVar("a", "b", null);
    variable.setAdditionalProperty("future", Map.of("c", List.of(1, 2)));

    assertThat(write(variable))
        .isEqualTo("{\"name\":\"a\",\"value\":\"b\",\"future\":{\"c\":[1,2]}}");
  }

  @Test
  void scalarsListsAndMapsAreWritten() throws Exception {
    assertIsWrittenAsByJackson("\u2028 \"");
    assertIsWrittenAsByJackson(42);
    assertIsWrittenAsByJackson(42L);
    assertIsWrittenAsByJackson(true);
    assertIsWrittenAsByJackson(Quantity.parse("1.5Gi"));
    assertIsWrittenAsByJackson(Arrays.asList("a", null, List.of()));
    assertIsWrittenAsByJackson(Map.of("cpu", Quantity.parse("100m")));
  }

  private static void assertIsWrittenAsByJackson(Object value) throws IOException {
    assertThat(write(value)).isEqualTo(MAPPER.writeValueAsString(value));
  }

  private static String write(Object value) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var json = MAPPER.createGenerator(bytes)) {
      ModelWriter.write(value, json);
    }
    return bytes.toString(UTF_8);
  }
}
