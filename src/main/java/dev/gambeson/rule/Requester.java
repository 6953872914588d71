package dev.gambeson.rule;

import java.util.Collections;
import java.util.HashSet;
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
    groups = Collections.unmodifiableSet(new HashSet<>(groups));
  }

  /** A service account, with the groups that the API server gives it. */
  public static Requester serviceAccount(String namespace, String name) {
    return new Requester(
        "system:serviceaccount:" + namespace + ":" + name,
        Set.of(
            "system:serviceaccounts",
            "system:serviceaccounts:" + namespace,
            "system:authenticated"));
  }

  /** Whether this is a controller of Kubernetes itself. */
  public boolean isController() {
    return user.startsWith("system:serviceaccount:kube-system:") && user.endsWith("-controller");
  }
}
