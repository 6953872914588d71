package dev.gambeson.server;

import dev.gambeson.admission.AdmissionRequest;
import dev.gambeson.admission.Decision;
import dev.gambeson.admission.MalformedReviewException;
import dev.gambeson.admission.Outcome;
import dev.gambeson.admission.ReviewCodec;
import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.config.LiveConfiguration;
import dev.gambeson.metrics.GambesonMetrics;
import dev.gambeson.metrics.GambesonMetrics.BadRequest;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refuses a ConfigMap whose configuration this version could not put in force. */
final class ConfigurationReviews {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigurationReviews.class);

  private final ReviewCodec codec;
  private final GambesonMetrics metrics;
  private final Limits limits;

  ConfigurationReviews(ReviewCodec codec, GambesonMetrics metrics, Limits limits) {
    this.codec = codec;
    this.metrics = metrics;
    this.limits = limits;
  }

  /** The answer to a review of a ConfigMap. */
  Answer answer(Body body) {
    return switch (body) {
      case Body.Whole whole -> review(whole.bytes().getBytes());
      case Body.Refused refused -> Answer.overloaded();
      case Body.TooLarge tooLarge ->
          Answer.line(413, "the body is larger than " + limits.bodyInWords());
    };
  }

  private Answer review(byte[] body) {
    try {
      var request = codec.decode(body);
      return Answer.review(codec.encode(request.uid(), decide(request)));
    } catch (MalformedReviewException e) {
      metrics.badRequest(BadRequest.MALFORMED);
      return Answer.line(400, String.valueOf(e.getMessage()));
    }
  }

  private static Decision.Verdict decide(AdmissionRequest request) {
    var object = request.object();
    if (object == null || !request.kind().equals("ConfigMap")) {
      return allowed();
    }
    var text = object.path("data").path(LiveConfiguration.KEY);
    if (!text.isTextual()) {
      return denied(request, "it has no key " + LiveConfiguration.KEY);
    }
    try {
      ConfigurationLoader.load(text.textValue(), LiveConfiguration.KEY);
      return allowed();
    } catch (ConfigurationException e) {
      return denied(request, String.valueOf(e.getMessage()));
    }
  }

  private static Decision.Verdict allowed() {
    return new Decision.Allowed(null, List.of(), Map.of(), Outcome.NONE);
  }

  private static Decision.Verdict denied(AdmissionRequest request, String problems) {
    LOG.info("denied: a bad configuration in {}/{}", request.namespace(), request.name());
    return new Decision.Denied(
        Decision.Reason.FORBIDDEN,
        "this configuration could not be put in force, the one before stays:\n" + problems,
        List.of(),
        Map.of(),
        Outcome.NONE);
  }
}
