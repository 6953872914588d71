package dev.gambeson.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.admission.AdmissionRequest;
import dev.gambeson.admission.Decision;
import dev.gambeson.admission.MalformedReviewException;
import dev.gambeson.admission.ReviewCodec;
import dev.gambeson.admission.ReviewStats;
import dev.gambeson.advice.Warnings;
import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.config.LiveConfiguration;
import dev.gambeson.config.Problem;
import dev.gambeson.metrics.GambesonMetrics;
import dev.gambeson.metrics.GambesonMetrics.BadRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Denies a ConfigMap with a configuration that this version cannot use. A ConfigMap for another
 * version passes with a warning: during an upgrade, old replicas review the configuration of the
 * new ones.
 */
final class ConfigurationReviewHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigurationReviewHandler.class);

  /** The label of the chart's objects with the version of Gambeson. */
  private static final String VERSION = "app.kubernetes.io/version";

  private final ReviewCodec codec;
  private final GambesonMetrics metrics;
  private final Limits limits;

  ConfigurationReviewHandler(ReviewCodec codec, GambesonMetrics metrics, Limits limits) {
    this.codec = codec;
    this.metrics = metrics;
    this.limits = limits;
  }

  /** The answer to a review of a ConfigMap. */
  HttpResponse answer(Body body) {
    return switch (body) {
      case Body.Whole whole -> review(whole.bytes());
      case Body.TooLarge tooLarge -> {
        metrics.badRequest(BadRequest.TOO_LARGE);
        yield HttpResponse.line(413, "the body is larger than " + limits.bodyInWords());
      }
    };
  }

  private HttpResponse review(byte[] body) {
    try {
      var request = codec.decode(body);
      return HttpResponse.review(codec.encode(request.uid(), decide(request)));
    } catch (MalformedReviewException e) {
      metrics.badRequest(BadRequest.MALFORMED);
      return HttpResponse.line(400, String.valueOf(e.getMessage()));
    }
  }

  private Decision.Verdict decide(AdmissionRequest request) throws MalformedReviewException {
    if (request.object() == null || !request.kind().equals("ConfigMap")) {
      return allowed(List.of());
    }
    var object = codec.tree(request.object());
    var text = object.path("data").path(LiveConfiguration.KEY);
    if (!text.isTextual()) {
      return refused(request, object, "it has no key " + LiveConfiguration.KEY);
    }
    try {
      var loaded = ConfigurationLoader.read(text.textValue(), LiveConfiguration.KEY);
      return allowed(Warnings.limit(loaded.warnings().stream().map(Problem::toString).toList()));
    } catch (ConfigurationException e) {
      return refused(request, object, String.valueOf(e.getMessage()));
    }
  }

  private Decision.Verdict refused(AdmissionRequest request, JsonNode object, String problems) {
    var madeFor = object.path("metadata").path("labels").path(VERSION).asText(metrics.version());
    if (!madeFor.equals(metrics.version())) {
      var warnings = new ArrayList<String>();
      warnings.add(
          "Gambeson %s, which answers here, could not put this configuration for %s in force:"
              .formatted(metrics.version(), madeFor));
      warnings.addAll(problems.lines().toList());
      return allowed(Warnings.limit(warnings));
    }
    LOG.info("denied: a bad configuration in {}/{}", request.namespace(), request.name());
    return new Decision.Denied(
        Decision.Reason.FORBIDDEN,
        "this configuration could not be put in force, the one before stays:\n" + problems,
        List.of(),
        Map.of(),
        ReviewStats.NONE);
  }

  private static Decision.Verdict allowed(List<String> warnings) {
    return new Decision.Allowed(null, warnings, Map.of(), ReviewStats.NONE);
  }
}
