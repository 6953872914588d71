package dev.gambeson.report;

import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.review.ManifestReview;
import dev.gambeson.review.Manifests;
import dev.gambeson.review.Review;
import dev.gambeson.review.ReviewTerms;
import dev.gambeson.rule.Requester;
import dev.gambeson.verdict.Configuration;
import java.time.Instant;

/** Reviews of texts, without files. */
final class Reviews {
  static final Instant NOW = Instant.parse("2027-01-01T00:00:00Z");

  private Reviews() {}

  static Configuration configuration(String text) {
    try {
      return ConfigurationLoader.read(
              "apiVersion: gambeson.dev/v1alpha1\nkind: GambesonConfig\n" + text, "test")
          .configuration();
    } catch (ConfigurationException e) {
      throw new AssertionError(e);
    }
  }

  static Review of(Configuration configuration, String profile, String... texts) {
    var manifests = new Manifests();
    for (int i = 0; i < texts.length; i++) {
      manifests.add((char) ('a' + i) + ".yaml", texts[i]);
    }
    return ManifestReview.of(
        manifests,
        new ReviewTerms(
            configuration,
            configuration.choose(profile).orElseThrow(),
            "default",
            NOW,
            Requester.UNKNOWN,
            false));
  }
}
