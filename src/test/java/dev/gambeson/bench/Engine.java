package dev.gambeson.bench;

import dev.gambeson.admission.AdmissionPipeline;
import dev.gambeson.admission.Decision;
import dev.gambeson.admission.MalformedReviewException;
import dev.gambeson.admission.ReviewCodec;
import dev.gambeson.admission.Route;
import dev.gambeson.admission.Webhook;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.rule.PodSecurityLevel;
import java.time.InstantSource;

/** What a server does with the bytes of a review, without the server; under the profile strict. */
final class Engine {
  private final ReviewCodec codec = new ReviewCodec();
  private final AdmissionPipeline pipeline;

  Engine() {
    var configuration = ConfigurationLoader.builtIn();
    pipeline = new AdmissionPipeline(() -> configuration, InstantSource.system(), codec);
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
