package dev.gambeson.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.pod.PodSelector.Operator;
import dev.gambeson.pod.PodSelector.Requirement;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodSelectorTest {

  @ParameterizedTest
  @CsvSource({
    "app, IN, web, true",
    "app, IN, db, false",
    "tier, IN, front, false",
    "app, NOT_IN, web, false",
    "app, NOT_IN, db, true",
    "tier, NOT_IN, front, true",
    "app, EXISTS, , true",
    "tier, EXISTS, , false",
    "app, DOES_NOT_EXIST, , false",
    "tier, DOES_NOT_EXIST, , true",
  })
  void expressionsSelectAsKubernetesDoes(
      String key, Operator operator, String value, boolean selected) {
    var values = value == null ? List.<String>of() : List.of(value);
    assertThat(matches(Map.of(), new Requirement(key, operator, values))).isEqualTo(selected);
  }

  @Test
  void everyPartMustMatch() {
    assertThat(matches(Map.of("app", "web", "tier", "front"))).isFalse();
    assertThat(matches(Map.of("app", "web"), new Requirement("tier", Operator.EXISTS, List.of())))
        .isFalse();
    assertThat(matches(Map.of("app", "web"))).isTrue();
    assertThat(matches(Map.of())).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "*alpine*, nginx:1.29-alpine, true",
    "*alpine*, nginx, false",
    "alpine, alpine, true",
    "alpine, alpine:3, false",
    "a*b*c, a-b-b-c, true",
    "a*b*c, a-c-b, false",
    "*, '', true",
  })
  void globsFitTheWholeText(String pattern, String text, boolean fits) {
    assertThat(new Glob(pattern).matches(text)).isEqualTo(fits);
  }

  private static boolean matches(Map<String, String> labels, Requirement... expressions) {
    var pod = new PodBuilder().withNewMetadata().addToLabels("app", "web").endMetadata().build();
    return new PodSelector(labels, List.of(expressions)).matches(pod);
  }
}
