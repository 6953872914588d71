package dev.gambeson.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.Violation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A hash table falls back on the order of its keys where an author gave them one hash. */
class ViolationOrderTest {
  private static final List<Violation> OF_ONE_HASH =
      List.of(violation("AaAa"), violation("AaBB"), violation("BBAa"), violation("BBBB"));

  @Test
  void violationsOfOneHashAreToldApart() {
    assertThat(OF_ONE_HASH)
        .extracting(Violation::hashCode)
        .containsOnly(OF_ONE_HASH.getFirst().hashCode());
    for (int i = 0; i < OF_ONE_HASH.size(); i++) {
      for (int j = 0; j < OF_ONE_HASH.size(); j++) {
        assertThat(Integer.signum(OF_ONE_HASH.get(i).compareTo(OF_ONE_HASH.get(j))))
            .isEqualTo(Integer.signum(Integer.compare(i, j)));
      }
    }
  }

  @Test
  void pathsStandInTheOrderOfTheirSegments() {
    assertThat(
            List.of(
                FieldPath.of("spec", "containers"),
                FieldPath.of("spec", "containers", 2),
                FieldPath.of("spec", "containers", 10),
                FieldPath.of("spec", "containers", "-"),
                FieldPath.of("spec", "volumes", 0)))
        .isSorted();
  }

  private static Violation violation(String annotation) {
    return new Violation(
        "AppArmorProfile",
        null,
        null,
        FieldPath.of("metadata", "annotations", annotation),
        "unconfined",
        "runtime/default",
        List.of(),
        null);
  }
}
