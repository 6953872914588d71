package dev.gambeson.adopt;

import org.jspecify.annotations.Nullable;

/**
 * Where a plan is carried out.
 *
 * @param directory where the files of the plan are, or will be
 * @param writing the command that writes them; null where they are there
 * @param release the name of the release whose configuration the plan changes
 * @param namespace that of the release
 * @param hasConfiguration whether the plan was made for another one than the built-in one
 */
public record Workplace(
    String directory,
    @Nullable String writing,
    String release,
    String namespace,
    boolean hasConfiguration,
    Presence presence) {

  /** Whether the release is installed. */
  public enum Presence {
    INSTALLED,
    ABSENT,
    /** The plan is not made from a cluster. */
    UNKNOWN
  }
}
