package dev.gambeson.rule;

import java.util.regex.Pattern;

/**
 * The Kubernetes minor version whose Pod Security Standards apply: {@code latest}, or {@code v1.N}
 * for any N from 0 on.
 *
 * @param minor the N of {@code v1.N}; {@link Integer#MAX_VALUE} for {@code latest}
 */
public record PodSecurityVersion(int minor) {
  public static final PodSecurityVersion LATEST = new PodSecurityVersion(Integer.MAX_VALUE);

  private static final Pattern FORM = Pattern.compile("v1\\.(0|[1-9][0-9]{0,3})");

  /**
   * Reads a version as the configuration writes it.
   *
   * @throws IllegalArgumentException if the text is neither {@code latest} nor {@code v1.N}
   */
  public static PodSecurityVersion parse(String text) {
    if (text.equals("latest")) {
      return LATEST;
    }
    var match = FORM.matcher(text);
    if (!match.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a Pod Security version: write latest, or v1.36 for example");
    }
    return new PodSecurityVersion(Integer.parseInt(match.group(1)));
  }

  /** Whether the rules of {@code v1.minor} are part of this version. */
  public boolean atLeast(int otherMinor) {
    return minor >= otherMinor;
  }

  @Override
  public String toString() {
    return equals(LATEST) ? "latest" : "v1." + minor;
  }
}
