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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nodeSelector: {kubernetes.io/os: windows} | true",
        "nodeSelector: {beta.kubernetes.io/os: windows} | true",
        "nodeSelector: {node.kubernetes.io/windows-build: 10.0.20348} | true",
        "nodeSelector: {kubernetes.io/os: linux} | false",
        "nodeSelector: {pool: windows} | false",
        "TERMS {matchExpressions: [{key: kubernetes.io/os, operator: In, values: [windows]}]} | true",
        "TERMS {matchExpressions: [{key: beta.kubernetes.io/os, operator: In, values: [windows]}, {key: a, operator: Exists}]} | true",
        "TERMS {matchExpressions: [{key: node.kubernetes.io/windows-build, operator: Exists}]} | true",
        "TERMS {matchExpressions: [{key: node.kubernetes.io/windows-build, operator: In, values: [a, b]}]} | true",
        "TERMS {matchExpressions: [{key: kubernetes.io/os, operator: NotIn, values: [linux]}]} | true",
        "TERMS {matchExpressions: [{key: kubernetes.io/os, operator: In, values: [windows]}]}, {} | true",
        "TERMS {matchExpressions: [{key: kubernetes.io/os, operator: In, values: [windows, linux]}]} | false",
        "TERMS {matchExpressions: [{key: kubernetes.io/os, operator: NotIn, values: [windows]}]} | false",
        "TERMS {matchExpressions: [{key: kubernetes.io/os, operator: Exists}]} | false",
        "TERMS {matchExpressions: [{key: node.kubernetes.io/windows-build, operator: DoesNotExist}]} | false",
        "TERMS {matchExpressions: [{key: kubernetes.io/os, operator: In, values: [windows]}]}, {matchExpressions: [{key: a, operator: Exists}]} | false",
        "TERMS {matchFields: [{key: metadata.name, operator: In, values: [windows]}]} | false",
        "TERMS {} | false",
        "TERMS | false",
      })
  void nodesRunWindowsWhereTheSelectorOrEveryTermSaysSo(String required, boolean windows) {
    var spec =
        required.startsWith("TERMS")
            ? "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution:"
                + " {nodeSelectorTerms: ["
                + required.substring("TERMS".length())
                + "]}}}"
            : required;
    assertThat(RequiredNodes.runWindows(podOf(spec))).isEqualTo(windows);
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
    return podOf("affinity: " + affinity);
  }

  private static Pod podOf(String spec) {
    return new ObjectMapper().convertValue(new Yaml().load("{spec: {" + spec + "}}"), Pod.class);
  }
}
