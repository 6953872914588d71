package dev.gambeson.rules;

import java.util.Set;

/**
 * Who asks for a pod, as the API server authenticated them.
 *
 * @param user empty where nobody says
 */
public record Requester(String user, Set<String> groups) {
  /** Where nobody says. */
  public static final Requester UNKNOWN = new Requester("", Set.of());

  public Requester {
    groups = Set.copyOf(groups);
  }
}
