package dev.gambeson.bench;

import dev.gambeson.admission.AdmissionPipeline;
import dev.gambeson.admission.Decision;
import dev.gambeson.admission.MalformedReviewException;
import dev.gambeson.admission.ReviewCodec;
import dev.gambeson.admission.Route;
import dev.gambeson.admission.Webhook;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.rule.PodSecurityLevel;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.InstantSource;
import java.util.Objects;

/** What a server does with the bytes of a review, without the server; under the profile strict. */
final class Engine {
  private final ReviewCodec codec = new ReviewCodec();
  private final AdmissionPipeline pipeline;

  Engine() {
    var configuration = ConfigurationLoader.builtIn();
    pipeline = new AdmissionPipeline(() -> configuration, InstantSource.system(), codec);
  }

  /** Reads a review and its pod, and nothing else. */
  Pod read(byte[] review) {
    try {
      var object = codec.decode(review).object();
      return codec.pod(Objects.requireNonNull(object));
    } catch (MalformedReviewException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** The bytes of the answer. */
  byte[] answer(Webhook webhook, byte[] review) {
    try {
      var request = codec.decode(review);
      var route = new Route(webhook, "strict", PodSecurityLevel.PRIVILEGED);
      return switch (pipeline.handle(route, request)) {
        case Decision.Verdict verdict -> codec.encode(request.uid(), verdict);
        case Decision.Failed failed -> throw new IllegalStateException(failed.message());
      };
    } catch (MalformedReviewException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
