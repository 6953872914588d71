package dev.gambeson.rule;

import org.jspecify.annotations.Nullable;

/**
 * Who exempted something, why, and until when.
 *
 * @param expires null for ever
 */
public record Grounds(String approvedBy, String reason, @Nullable String expires) {

  /** {@code exempted, approved by security@example.com until 2027-03-31: reads the node's logs}. */
  @Override
  public String toString() {
    return "exempted, approved by "
        + approvedBy
        + (expires == null ? "" : " until " + expires)
        + ": "
        + reason;
  }
}
