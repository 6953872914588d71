package dev.gambeson.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.review.JudgedObject;
import dev.gambeson.rule.Violation;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * What tells violations apart from one review to the next: neither lines nor positions in lists of
 * named elements, which move.
 */
final class Fingerprints {
  private static final int BYTES = 16;

  private final Map<String, Integer> known = new HashMap<>();

  /** The fingerprint of a violation; of another one just like it, another one. */
  String of(String file, JudgedObject object, Violation violation) {
    var text =
        String.join(
            "\n",
            violation.rule(),
            file,
            object.source().apiVersion(),
            object.title(),
            place(object, violation));
    int times = known.merge(text, 1, Integer::sum);
    return hash(times == 1 ? text : text + "\n" + times);
  }

  private static String place(JudgedObject object, Violation violation) {
    var text = new StringBuilder();
    var here = object.review().pod();
    for (var segment : violation.path().segments()) {
      if (segment instanceof Integer position) {
        here = here.path(position);
        text.append('/').append(name(here, position));
      } else {
        here = here.path(segment.toString());
        text.append('/').append(segment);
      }
    }
    return text.toString();
  }

  private static String name(JsonNode element, int position) {
    for (var key : new String[] {"name", "containerPort", "mountPath"}) {
      if (element.hasNonNull(key)) {
        return element.path(key).asText();
      }
    }
    return String.valueOf(position);
  }

  private static String hash(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
