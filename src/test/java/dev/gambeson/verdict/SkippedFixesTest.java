package dev.gambeson.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.config.ConfigurationLoader;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SkippedFixesTest {
  private static final Profile STANDARD =
      Objects.requireNonNull(ConfigurationLoader.builtIn().profiles().get("standard"));

  /** Each refused name becomes a warning and a metric. */
  @Test
  void ofAnAnnotationFullOfNamesAFewAreKept() {
    var names =
        IntStream.range(0, 20_000).mapToObj(i -> "Rule" + i).collect(Collectors.joining(","));
    var pod =
        new PodBuilder()
            .withNewMetadata()
            .addToAnnotations(SkippedFixes.ANNOTATION, names)
            .endMetadata()
            .build();

    var skipped = SkippedFixes.of(pod, STANDARD);

    assertThat(skipped.granted()).isEmpty();
    assertThat(skipped.refused()).hasSize(100);
  }
}
