package dev.gambeson.pod;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Toleration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

class TolerationTraitsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{key: a, operator: Equal, value: x, effect: NoSchedule} | {key: a, value: x, effect: NoSchedule} | true",
        "{key: a, value: x} | {key: a, value: x, effect: NoExecute} | true",
        "{key: a, value: x, effect: NoExecute} | {key: a, value: x} | false",
        "{key: a, value: x, effect: NoExecute} | {key: a, value: x, effect: NoSchedule} | false",
        "{key: a, operator: Exists} | {key: a, value: x} | true",
        "{key: a, operator: Exists} | {key: b, value: x} | false",
        "{key: a, value: x} | {key: a, operator: Exists} | false",
        "{key: a, value: x} | {key: a, value: y} | false",
        "{key: a} | {key: a, value: x} | false",
        "{operator: Exists} | {key: a, value: x, effect: NoSchedule} | true",
        "{operator: Exists, effect: NoExecute} | {key: a, value: x, effect: NoSchedule} | false",
        "{key: a, operator: Exists} | {operator: Exists} | false",
        "{operator: Exists} | {operator: Exists} | true",
        "{key: a, operator: Gt, value: '5'} | {key: a, value: '7'} | false",
        "{key: a, operator: Exists} | {key: a, operator: Gt, value: '5'} | true",
        "{key: a, operator: Exists, effect: NoExecute, tolerationSeconds: 300} | {key: a, operator: Exists, effect: NoExecute} | false",
        "{key: a, operator: Exists, effect: NoExecute, tolerationSeconds: 300} | {key: a, operator: Exists, effect: NoExecute, tolerationSeconds: 30} | true",
        "{key: a, operator: Exists, effect: NoExecute, tolerationSeconds: 30} | {key: a, operator: Exists, effect: NoExecute, tolerationSeconds: 300} | false",
        "{key: a, operator: Exists, effect: NoExecute} | {key: a, operator: Exists, effect: NoExecute, tolerationSeconds: 30} | true",
      })
  void oneCoversAnotherOfNoMoreTaintsForNoLonger(String one, String other, boolean covers) {
    assertThat(TolerationTraits.covers(toleration(one), toleration(other))).isEqualTo(covers);
  }

  private static Toleration toleration(String yaml) {
    return new ObjectMapper().convertValue(new Yaml().load(yaml), Toleration.class);
  }
}
