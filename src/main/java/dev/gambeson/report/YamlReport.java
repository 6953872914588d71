package dev.gambeson.report;

import dev.gambeson.review.Review;

/** The input with the fixes in it, and nothing else: for {@code kubectl apply -f -}. */
public final class YamlReport implements ReviewReport {
  private static final String SEPARATOR = "---";

  @Override
  public String write(Review review) {
    var all = new StringBuilder();
    for (var file : review.files()) {
      if (review.files().size() > 1 && !file.fixed().startsWith(SEPARATOR)) {
        separate(all);
      } else if (!all.isEmpty() && all.charAt(all.length() - 1) != '\n') {
        all.append('\n');
      }
      all.append(file.fixed());
    }
    return all.toString();
  }

  private static void separate(StringBuilder all) {
    if (!all.isEmpty() && all.charAt(all.length() - 1) != '\n') {
      all.append('\n');
    }
    all.append(SEPARATOR).append('\n');
  }
}
