package dev.gambeson.pod;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

class RequiredNodesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{key: pool, operator: In, values: [spot, gpu]} | true",
        "{key: pool, operator: In, values: [gpu-a100]} | false",
        "{key: pool, operator: NotIn, values: [spot]} | true",
        "{key: pool, operator: NotIn, values: [spot, gpu]} | false",
        "{key: pool, operator: Exists} | true",
        "{key: pool, operator: DoesNotExist} | false",
        "{key: pool, operator: Gt, values: ['1']} | false",
        "{key: cores, operator: Gt, values: ['7']} | true",
        "{key: cores, operator: Gt, values: ['8']} | false",
        "{key: cores, operator: Lt, values: ['9']} | true",
        "{key: cores, operator: Lt, values: ['8']} | false",
        "{key: cores, operator: Lt, values: [many]} | false",
        "{key: cores, operator: Is, values: ['8']} | false",
        "{key: zone, operator: In, values: [a]} | true",
        "{key: zone, operator: NotIn, values: [a]} | true",
        "{key: zone, operator: DoesNotExist} | true",
      })
  void anExpressionHoldsWithTheLabelsOrDoesNot(String expression, boolean holds) {
    assertThat(canHave("{matchExpressions: [" + expression + "]}")).isEqualTo(holds);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "In, values: [a, b] | In, values: [b, c] | true",
        "In, values: [a, b] | In, values: [c] | false",
        "In, values: [a] | NotIn, values: [a] | false",
        "In, values: [a, b] | NotIn, values: [a] | true",
        "Exists | DoesNotExist | false",
        "In, values: [a] | DoesNotExist | false",
        "NotIn, values: [a] | DoesNotExist | true",
        "Gt, values: ['3'] | Lt, values: ['5'] | true",
        "Gt, values: ['3'] | Lt, values: ['4'] | false",
        "In, values: ['3', '5'] | Gt, values: ['4'] | true",
        "In, values: ['3', '4'] | Gt, values: ['4'] | false",
        "In, values: [a] | Gt, values: ['4'] | false",
        "Gt, values: ['3'] | DoesNotExist | false",
      })
  void expressionsOfALabelThatIsNotKnownMustHoldTogether(String one, String other, boolean hold) {
    assertThat(
            canHave(
                "{matchExpressions: [{key: zone, operator: "
                    + one
                    + "}, {key: zone, operator: "
                    + other
                    + "}]}"))
        .isEqualTo(hold);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | false",
        "{matchFields: [{key: metadata.name, operator: In, values: [n1]}]} | true",
        "{matchFields: [{key: metadata.name, operator: In, values: [n1]}, {key: metadata.name, operator: NotIn, values: [n1]}]} | false",
        "{matchFields: [{key: metadata.name, operator: In, values: [n1]}], matchExpressions: [{key: pool, operator: In, values: [spot]}]} | false",
        "{matchExpressions: [{key: pool, operator: In, values: [spot]}]}, {matchExpressions: [{key: pool, operator: Exists}]} | true",
        "{matchExpressions: [{key: pool, operator: In, values: [spot]}]}, {} | false",
      })
  void oneTermMustHoldAsAWhole(String terms, boolean holds) {
    assertThat(canHave(terms)).isEqualTo(holds);
  }

  @Test
  void onlyWhatIsRequiredCounts() {
    assertThat(RequiredNodes.canHave(Map.of(), pod("{}"))).isTrue();
    assertThat(
            RequiredNodes.canHave(
                Map.of("pool", "gpu"),
                pod(
                    "{nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1,"
                        + " preference: {matchExpressions: [{key: pool, operator: In, values:"
                        + " [spot]}]}}]}}")))
        .isTrue();
  }

  private static boolean canHave(String terms) {
    return RequiredNodes.canHave(
        Map.of("pool", "gpu", "cores", "8"),
        pod(
            "{nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: ["
                + terms
                + "]}}}"));
  }

  private static Pod pod(String affinity) {
    return new ObjectMapper()
        .convertValue(new Yaml().load("{spec: {affinity: " + affinity + "}}"), Pod.class);
  }
}
