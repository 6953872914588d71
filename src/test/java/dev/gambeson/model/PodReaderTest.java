package dev.gambeson.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gambeson.admission.ReviewCodec;
import dev.gambeson.admission.StrictModel;
import dev.gambeson.pod.PodGenerator;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read without reflection is what Jackson reads. */
class PodReaderTest {
  private static final ObjectMapper MAPPER = StrictModel.configure(JsonMapper.builder()).build();
  private static final ReviewCodec CODEC = new ReviewCodec();

  /** The fields that new pods hardly ever have, or that nobody asks for. */
  private static final Set<String> LEFT_TO_JACKSON =
      Set.of(
          "managedFields",
          "ephemeralContainers",
          "resourceClaims",
          "workloadRef",
          "schedulingGates",
          "containerStatuses",
          "initContainerStatuses",
          "ephemeralContainerStatuses",
          "resourceClaimStatuses");

  @Test
  void everyFieldOfTheModelGoesToItsPlace() throws Exception {
    var pod = new FullObject(LEFT_TO_JACKSON).of(Pod.class);

    assertThat(MAPPER.<JsonNode>valueToTree(read(pod))).isEqualTo(pod);
    assertThat(read(pod)).isEqualTo(CODEC.pod(pod));
  }

  /** The recorded pods are what an API server sends. */
  @Test
  void nothingIsUnusualInPodsOfARealApiServer() throws Exception {
    int pods = 0;
    try (var lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(Path.of("bench/reviews.jsonl.gz"))),
                StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        var pod = MAPPER.readTree(line).at("/request/object");
        if (pod.path("kind").asText().equals("Pod")) {
          assertThat(read(pod)).as(line).isEqualTo(CODEC.pod(pod));
          pods++;
        }
      }
    }
    assertThat(pods).isGreaterThanOrEqualTo(50);
  }

  @Test
  void whatIsReadOfAnyPodIsWhatJacksonReads() throws Exception {
    int read = 0;
    for (int seed = 0; seed < 2_000; seed++) {
      var pod = PodGenerator.pod(seed);
      Pod mine;
      try {
        mine = read(pod);
      } catch (IOException e) {
        continue; // Jackson's to read
      }
      read++;
      assertThat(mine).as("seed %d: %s", seed, pod).isEqualTo(CODEC.pod(pod));
    }
    assertThat(read).isGreaterThan(500);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{'spec':[]}",
        "{'spec':{'containers':{}}}",
        "{'spec':{'containers':[null]}}",
        "{'spec':{'containers':[{'name':1}]}}",
        "{'spec':{'containers':[{'name':'a','command':[null]}]}}",
        "{'spec':{'containers':[{'name':'a','resources':{'limits':{'cpu':'much'}}}]}}",
        "{'spec':{'containers':[{'name':'a','resources':{'limits':{'cpu':1}}}]}}",
        "{'spec':{'priority':1.5}}",
        "{'spec':{'priority':12345678901}}",
        "{'spec':{'priority':'1'}}",
        "{'spec':{'hostNetwork':'true'}}",
        "{'spec':{'nodeSelector':{'a':1}}}",
        "{'spec':{'fieldOfTheFuture':1}}",
        "{'status':{'phase':1}}",
        "{'status':{'conditions':[null]}}",
        "{'status':{'conditions':[{'type':1}]}}",
        "{'status':{'fieldOfTheFuture':1}}",
      })
  void whatIsUnusualIsLeftToJackson(String pod) {
    assertThatThrownBy(() -> read(MAPPER.readTree(pod.replace('\'', '"'))))
        .isInstanceOf(IOException.class);
  }

  @Test
  void nullIsAbsent() throws Exception {
    var pod =
        MAPPER.readTree(
            """
            {"metadata": {"labels": {"a": null, "b": "c"}, "name": null},
             "spec": {"containers": null, "priority": null, "nodeSelector": null}, "status": null}
            """);

    assertThat(read(pod)).isEqualTo(CODEC.pod(pod));
    assertThat(read(pod).getMetadata().getLabels()).isEqualTo(Map.of("b", "c"));
  }

  /** As {@code kubectl get -o yaml} writes a pod that somebody creates anew. */
  @Test
  void theStatesOfContainersArePassedOver() throws Exception {
    var pod =
        MAPPER.readTree(
            """
            {"metadata": {"name": "a"}, "spec": {"containers": [{"name": "a", "image": "b"}]},
             "status": {"phase": "Running", "hostIPs": [{"ip": "10.0.0.1"}],
               "conditions": [{"type": "PodScheduled", "status": "True"}],
               "containerStatuses": [{"name": "a", "state": {"running": {}}}]}}
            """);

    assertThat(read(pod)).isEqualTo(CODEC.pod(pod.deepCopy()));
    assertThat(read(pod).getStatus().getConditions().getFirst().getType())
        .isEqualTo("PodScheduled");
  }

  @ParameterizedTest
  @ValueSource(strings = {"containers", "volumes", "tolerations"})
  void aLongListIsLeftToWhatCounts(String list) throws Exception {
    var pod = MAPPER.createObjectNode();
    var elements = pod.putObject("spec").putArray(list);
    for (int i = 0; i < PodReader.MOST_ELEMENTS; i++) {
      elements.addObject();
    }

    assertThat(read(pod).getSpec()).isNotNull();
    elements.addObject();
    assertThatThrownBy(() -> read(pod)).isInstanceOf(UnusualException.class);
  }

  private static Pod read(JsonNode pod) throws IOException {
    try (var parser = MAPPER.createParser(MAPPER.writeValueAsBytes(pod))) {
      parser.nextToken();
      return PodReader.read(parser);
    }
  }
}
