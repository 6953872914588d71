package dev.gambeson.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.yaml.TestYaml;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Containers write their logs, and authors their templates, as they like. */
class HostileSignsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Test
  void nothingThatAContainerWritesReachesTheTerminalAsItIs() throws Exception {
    var pod = pod();
    pod.withObject("/status").put("reason", "Evicted\u001b[31m").put("message", "a\r\nb\u202e");
    var text =
        ExplanationText.of(
            explain(
                pod,
                List.of("touch /x\u001b]0;owned\u0007: Read-only file system\u202e", "\u0000"),
                List.of()));

    assertThat(text).doesNotContainPattern("[\\p{Cntrl}\\p{Cf}&&[^\n]]");
    assertThat(text).contains("Read-only file system");
  }

  @Test
  void manyComplaintsAreAFewFindings() throws Exception {
    var lines = new ArrayList<String>();
    for (int i = 0; i < 50_000; i++) {
      lines.add("open /data%d/x: read-only file system".formatted(i));
    }
    var explanation = explain(pod(), lines, List.of());

    assertThat(explanation.diagnoses()).hasSize(20);
  }

  @Test
  void longLinesAndManyEventsAreCut() throws Exception {
    JsonNode event =
        MAPPER
            .createObjectNode()
            .put("reason", "FailedMount")
            .put("message", "x".repeat(1_000_000) + "seccomp");
    var explanation =
        explain(
            pod(),
            List.of("/a".repeat(2_000_000) + ": permission denied"),
            Collections.nCopies(20_000, event));

    assertThat(ExplanationText.of(explanation)).hasSizeLessThan(10_000);
    assertThat(explanation.diagnoses()).hasSize(2);
  }

  @Test
  void whatIsNoPodAtAllIsNotExplained() throws Exception {
    var explanation =
        explain(
            (ObjectNode)
                TestYaml.value(
                    """
                    metadata: {name: web, annotations: {gambeson.dev/applied: "RunAsNonRoot,,x"}}
                    spec: {containers: [{name: web, image: web, securityContext: {}, env: [{name: TZ}]}]}
                    status: {containerStatuses: [{}, 1, null, {state: 1}], conditions: nonsense}
                    """),
            List.of(),
            List.of(MAPPER.nullNode(), MAPPER.createArrayNode()));

    assertThat(explanation.diagnoses()).isEmpty();
  }

  private static ObjectNode pod() throws Exception {
    return (ObjectNode)
        TestYaml.value(
            """
            metadata: {name: web, namespace: shop}
            spec: {containers: [{name: web, image: web}]}
            status: {}
            """);
  }

  private static Explanation explain(JsonNode pod, List<String> lines, List<JsonNode> events)
      throws Exception {
    var observed =
        new ObservedPod(
            pod, null, null, List.of(), events, Map.of("web", lines), List.of("a\u001bnote"));
    return new Explainer(ConfigurationLoader.builtIn(), null).explain(observed, ExplainedCase.NOW);
  }
}
