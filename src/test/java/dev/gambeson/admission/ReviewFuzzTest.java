package dev.gambeson.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.verdict.Configuration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;

/**
 * Whatever is sent, the answer is a decision or a reason why there is none. {@code mvn test} runs
 * the inputs beside this class; {@code JAZZER_FUZZ=1 mvn test -Dtest=ReviewFuzzTest} looks for
 * more.
 */
class ReviewFuzzTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final ReviewCodec CODEC = new ReviewCodec();
  private static final Configuration CONFIGURATION = EveryRule.configuration();
  private static final AdmissionPipeline PIPELINE =
      new AdmissionPipeline(() -> CONFIGURATION, InstantSource.system(), CODEC);

  @FuzzTest(maxDuration = "2m")
  void anyBytes(byte[] body) {
    decide(body);
    CODEC.decodeBeginning(body);
  }

  @FuzzTest(maxDuration = "2m")
  void anyPod(FuzzedDataProvider data) {
    var operation = data.pickValue(AdmissionRequest.Operation.values());
    var pod = data.consumeRemainingAsString();
    decide(
        """
        {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"1",
        "kind":{"group":"","version":"v1","kind":"Pod"},"operation":"%s","namespace":"shop","object":%s,"oldObject":%s}}
        """
            .formatted(operation, pod, pod)
            .getBytes(StandardCharsets.UTF_8));
  }

  private static void decide(byte[] body) {
    try {
      var request = CODEC.decode(body);
      for (var profile : CONFIGURATION.profiles().keySet()) {
        for (var webhook : Webhook.values()) {
          var route = new Route(webhook, profile, PodSecurityLevel.PRIVILEGED);
          if (PIPELINE.handle(route, request) instanceof Decision.Verdict verdict) {
            var answer = MAPPER.readTree(CODEC.encode(request.uid(), verdict));
            assertThat(answer.at("/response/uid").asText()).isEqualTo(request.uid());
          }
        }
      }
    } catch (MalformedReviewException e) {
      assertThat(e).hasMessageNotContaining("\n");
    } catch (IOException e) {
      throw new UncheckedIOException("the answer is no JSON", e);
    }
  }
}
