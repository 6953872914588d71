package dev.gambeson.verdict;

import dev.gambeson.pod.Glob;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Requester;
import dev.gambeson.rule.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a verdict depends on besides the request and the clock.
 *
 * @param enforce false turns every denial into a warning, everywhere
 * @param defaultProfile the name of the profile of namespaces that choose none; one of {@code
 *     profiles}
 * @param namespaces which namespaces have a profile whatever their label says; the first that
 *     matches counts
 * @param profiles by name
 * @param exemptions what pods may do although their profile refuses it
 * @param help where a denial says to read on
 */
public record Configuration(
    boolean enforce,
    String defaultProfile,
    List<NamespaceProfile> namespaces,
    Map<String, Profile> profiles,
    List<Exemption> exemptions,
    Help help) {

  /** Stands for the default profile where a profile is asked for; no profile is named like that. */
  public static final String DEFAULT = "default";

  /** The built-in profile that only audits. */
  public static final String OBSERVE = "observe";

  public Configuration {
    namespaces = List.copyOf(namespaces);
    profiles = Map.copyOf(profiles);
    exemptions = List.copyOf(exemptions);
  }

  /**
   * Gives a profile to the namespaces whose names match.
   *
   * @param match globs: {@code *} stands for any characters
   */
  public record NamespaceProfile(
      @Doc("The names of namespaces; `*` stands for any characters.") List<String> match,
      @Doc("Their profile.") String profile) {
    public NamespaceProfile {
      match = List.copyOf(match);
    }

    public boolean matches(String namespace) {
      return Glob.anyMatches(match, namespace);
    }
  }

  /**
   * The profile of a pod, and whether the one that was asked for is unknown here: the webhook's
   * entries and the configuration reach a cluster at different moments.
   *
   * @param exemptions all that there are
   */
  public record Choice(
      Profile profile, List<Exemption> exemptions, Help help, @Nullable String unknown) {
    public Choice {
      exemptions = List.copyOf(exemptions);
    }

    /** The same, with more exemptions. */
    public Choice exempting(Collection<Exemption> more) {
      var all = new ArrayList<>(exemptions);
      all.addAll(more);
      return new Choice(profile, all, help, unknown);
    }

    /** What the rules may know about a pod of that namespace at that moment. */
    public Scope scope(
        String namespace, PodSecurityLevel namespaceLevel, Requester requester, Instant now) {
      return profile
          .scope(namespace, namespaceLevel, requester)
          .exempting(ExemptionsInForce.of(exemptions, namespace, requester, now));
    }

    /** What the author of the pod should know of it. */
    public List<String> notes() {
      return unknown == null
          ? List.of()
          : List.of(
              "Gambeson knows no profile \""
                  + unknown
                  + "\"; the pod is under \""
                  + profile.name()
                  + "\"");
    }
  }

  /**
   * Chooses the profile of a pod.
   *
   * @param asked the profile in the request's path; {@link #DEFAULT} or null where it names none
   */
  public Choice profileFor(String namespace, @Nullable String asked) {
    for (var entry : namespaces) {
      if (entry.matches(namespace)) {
        return named(entry.profile());
      }
    }
    return named(asked == null || asked.equals(DEFAULT) ? defaultProfile : asked);
  }

  /** Chooses a profile whatever the namespace; the default one where there is none of that name. */
  public Choice named(String name) {
    return choose(name)
        .orElseGet(() -> new Choice(profile(defaultProfile), exemptions, help, name));
  }

  /** The same, whose profiles have no other rules. */
  public Configuration restrictedTo(Set<String> rules) {
    var restricted = new HashMap<String, Profile>();
    profiles.forEach((name, profile) -> restricted.put(name, profile.restrictedTo(rules)));
    return new Configuration(enforce, defaultProfile, namespaces, restricted, exemptions, help);
  }

  /** Chooses a profile by its name; empty where there is none. */
  public Optional<Choice> choose(String name) {
    return Optional.ofNullable(profiles.get(name))
        .map(profile -> new Choice(profile, exemptions, help, null));
  }

  /** Says that there is no profile of a name, and which there are. */
  public String noProfile(String name) {
    return "there is no profile \"%s\"; there are %s"
        .formatted(name, String.join(", ", new TreeSet<>(profiles.keySet())));
  }

  private Profile profile(String name) {
    var profile = profiles.get(name);
    if (profile == null) {
      throw new IllegalStateException("no profile " + name + " in a valid configuration");
    }
    return profile;
  }
}
