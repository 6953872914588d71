package dev.gambeson.report;

import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.review.ManifestReview;
import dev.gambeson.review.Manifests;
import dev.gambeson.review.Review;
import dev.gambeson.review.ReviewTerms;
import dev.gambeson.rule.Requester;
import dev.gambeson.verdict.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

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
      manifests.add(i < 26 ? (char) ('a' + i) + ".yaml" : i + ".yaml", texts[i]);
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

  /** The pods of all fixtures of rules, and the examples. */
  static String[] manifests() throws IOException {
    var texts = new ArrayList<String>();
    for (var folder : List.of("src/test/resources/rules", "examples")) {
      try (var files = Files.walk(Path.of(folder))) {
        for (var file :
            files
                .filter(path -> path.toString().matches(".*/(pod|web)[.]yaml"))
                .sorted()
                .toList()) {
          texts.add(Files.readString(file));
        }
      }
    }
    return texts.toArray(String[]::new);
  }
}
