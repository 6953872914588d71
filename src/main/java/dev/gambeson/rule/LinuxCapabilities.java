package dev.gambeson.rule;

import dev.gambeson.pod.ContainerRef;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The capabilities that a container adds to, and drops from, those that a container runtime gives.
 *
 * @param added by name, without the prefix {@code CAP_}
 * @param dropped likewise
 */
public record LinuxCapabilities(List<String> added, List<String> dropped) {
  /** Stands for every capability. */
  public static final String ALL = "ALL";

  private static final Pattern NAME = Pattern.compile("(?!CAP_)[A-Z][A-Z0-9_]*");
  private static final List<String> RESTRICTED = List.of("NET_BIND_SERVICE");
  private static final List<String> BASELINE =
      List.of(
          "AUDIT_WRITE",
          "CHOWN",
          "DAC_OVERRIDE",
          "FOWNER",
          "FSETID",
          "KILL",
          "MKNOD",
          "NET_BIND_SERVICE",
          "SETFCAP",
          "SETGID",
          "SETPCAP",
          "SETUID",
          "SYS_CHROOT");

  public LinuxCapabilities {
    added = List.copyOf(added);
    dropped = List.copyOf(dropped);
  }

  public static LinuxCapabilities of(ContainerRef container) {
    var lists = container.securityContext(SecurityContext::getCapabilities);
    return lists == null
        ? new LinuxCapabilities(List.of(), List.of())
        : new LinuxCapabilities(named(lists.getAdd()), named(lists.getDrop()));
  }

  private static List<String> named(List<String> list) {
    for (var name : list) {
      if (name == null) {
        return list.stream().filter(Objects::nonNull).toList();
      }
    }
    return list;
  }

  /** Whether the container says nothing of any. */
  public boolean areUnset() {
    return added.isEmpty() && dropped.isEmpty();
  }

  /** Whether none of these is left. */
  public boolean drops(Collection<String> names) {
    return dropped.contains(ALL) || dropped.containsAll(names);
  }

  /** Whether a Pod Security level lets a container add it. */
  public static boolean isAllowed(String name, PodSecurityLevel level) {
    return level == PodSecurityLevel.PRIVILEGED || allowed(level).contains(name);
  }

  /** Those that a Pod Security level other than "privileged" lets a container add. */
  public static List<String> allowed(PodSecurityLevel level) {
    return level == PodSecurityLevel.RESTRICTED ? RESTRICTED : BASELINE;
  }

  /** The added ones that a Pod Security level refuses and no laxer one does. */
  public List<String> refusedBy(PodSecurityLevel level) {
    return added.isEmpty()
        ? added
        : added.stream()
            .filter(name -> !isAllowed(name, level))
            .filter(name ->
                level == PodSecurityLevel.BASELINE || isAllowed(name, PodSecurityLevel.BASELINE))
            .toList();
  }

  /** The names as Kubernetes wants them spelt, each once; {@code ALL} alone where it is one. */
  public static List<String> spelt(Stream<String> names) {
    var spelt =
        names
            .map(name -> name.toUpperCase(Locale.ROOT))
            .map(name -> name.startsWith("CAP_") ? name.substring("CAP_".length()) : name)
            .distinct()
            .toList();
    return spelt.contains(ALL) ? List.of(ALL) : spelt;
  }

  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /**
   * Refuses what is no name of a capability.
   *
   * @param key which option has the names
   */
  public static void requireNames(String key, List<String> names) {
    for (var name : names) {
      if (!isName(name)) {
        throw new IllegalArgumentException(
            key + ": \"" + name + "\" is not a capability: write ALL, or NET_RAW for example");
      }
    }
  }
}
