package dev.gambeson.verdict;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.Glob;
import dev.gambeson.pod.PodIndex;
import dev.gambeson.pod.PodSelector;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.Grounds;
import dev.gambeson.rule.Requester;
import dev.gambeson.rule.Violation;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What pods may do although their profile refuses it: switches off both halves of rules for what it
 * selects.
 *
 * @param rules names of the catalogue; at least one
 * @param namespaces globs; empty for any
 * @param pods null for any
 * @param containers names; empty for any, and for the pod as a whole
 * @param images globs; empty for any, and for the pod as a whole
 * @param users who creates the pod, beside {@code groups}; empty for anyone
 * @param values of the type that its rule says; null for a rule without bounds
 * @param expires null for never
 * @param grace how long after {@code expires} pods still pass, with a warning
 */
public record Exemption(
    @Doc("The rules that it switches off, both halves of each.") List<String> rules,
    @Doc("The namespaces; `*` stands for any characters.") List<String> namespaces,
    @Doc(
            "The pods, by their labels. Labels are their author's: this narrows the exemption and"
                + " protects nothing.")
        @Nullable PodSelector pods,
    @Doc(
            "The names of containers: their own violations pass, those of the pod as a whole do"
                + " not. Names are their author's: this narrows and protects nothing.")
        List<String> containers,
    @Doc(
            "The images of containers, likewise; `*` stands for any characters. Where `ImageRegistry`"
                + " rewrites to a mirror, write both names: the checks see the mirror's.")
        List<String> images,
    @Doc("The users that create the pods themselves.") List<String> users,
    @Doc("Groups of users that create the pods themselves; one of `users` or `groups` suffices.")
        List<String> groups,
    @Doc("What may be found; the rule's page says which keys there are.") @Nullable Record values,
    @Doc("Why.") String reason,
    @Doc("Who answers for it.") String approvedBy,
    @Doc(
            "Its last day (over at its end in UTC), `2027-03-31` for example, or an instant,"
                + " `2027-03-31T18:00:00Z` for example.")
        @Nullable Expiry expires,
    @Doc("How long after `expires` pods still pass, with a warning; `7d` for example.")
        @Nullable Duration grace) {

  private static final Duration LONGEST_GRACE = Duration.ofDays(90);

  private static final Pattern CONTROLLER =
      Pattern.compile(
          "system:kube-controller-manager|system:node:.*|system:serviceaccount:kube-system:.*"
              + "|system:serviceaccount:[^:]*:.*-(controller|operator)");
  private static final Set<String> GROUPS_OF_CONTROLLERS =
      Set.of(
          "system:authenticated",
          "system:unauthenticated",
          "system:nodes",
          "system:serviceaccounts",
          "system:serviceaccounts:kube-system");

  public Exemption {
    rules = List.copyOf(rules);
    namespaces = List.copyOf(namespaces);
    containers = List.copyOf(containers);
    images = List.copyOf(images);
    users = List.copyOf(users);
    groups = List.copyOf(groups);
    require(!rules.isEmpty(), "rules: names no rule: write [HostPathVolumes] for example");
    require(!reason.isBlank(), "reason: is empty: say why pods need it");
    require(!approvedBy.isBlank(), "approvedBy: is empty: say who answers for it");
    require(grace == null || expires != null, "grace: follows on expires: write that as well");
    require(
        grace == null || grace.compareTo(LONGEST_GRACE) <= 0,
        "grace: is longer than 90 days: write a later day in expires");
    if (namespaces.isEmpty()) {
      require(
          !users.isEmpty() || !groups.isEmpty(),
          "write namespaces, users or groups: what else it selects by is the choice of a pod's"
              + " author");
      requireNone("users", users.stream().filter(user -> CONTROLLER.matcher(user).matches()));
      requireNone("groups", groups.stream().filter(GROUPS_OF_CONTROLLERS::contains));
    }
  }

  private static void requireNone(String key, Stream<String> controllers) {
    controllers
        .findFirst()
        .ifPresent(name -> {
          throw new IllegalArgumentException(
              key
                  + ": "
                  + name
                  + " creates the pods of anyone's workloads: write namespaces as well");
        });
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }

  /** Whether it is for a namespace and a requester. */
  public boolean isFor(String namespace, Requester requester) {
    return (namespaces.isEmpty() || matchesAny(namespaces, namespace))
        && ((users.isEmpty() && groups.isEmpty())
            || users.contains(requester.user())
            || groups.stream().anyMatch(requester.groups()::contains));
  }

  /** Whether it selects a pod, be it for some of its containers only. */
  public boolean selects(Pod pod) {
    return pods == null || pods.matches(pod);
  }

  /** Whether it selects containers by themselves rather than whole pods. */
  public boolean isForContainers() {
    return !containers.isEmpty() || !images.isEmpty();
  }

  /** Whether it selects a container of a pod that it selects. */
  public boolean selects(ContainerRef container) {
    return (containers.isEmpty() || containers.contains(container.name()))
        && (images.isEmpty() || container.hasImageLike(images));
  }

  /** Whether it selects a violation, whatever its values say. */
  public boolean selects(Violation violation, PodIndex pod) {
    var container = violation.container();
    return rules.contains(violation.rule())
        && selects(pod.pod())
        && (!isForContainers()
            || (container != null
                // By name, for what is said of a container need not stand inside it.
                && pod.container(container).filter(this::selects).isPresent()));
  }

  /** The first moment at which it exempts no longer; null where it always will. */
  public @Nullable Instant end() {
    return expires == null ? null : grace == null ? expires.end() : expires.end().plus(grace);
  }

  /** Who approved it, why and until when, each in one line. */
  public Grounds grounds() {
    return new Grounds(
        oneLine(approvedBy), oneLine(reason), expires == null ? null : expires.toString());
  }

  /** {@code the exemption approved by security@example.com}. */
  public String title() {
    return "the exemption approved by " + oneLine(approvedBy);
  }

  private static String oneLine(String text) {
    return Violation.shorten(Violation.clean(text.strip()), 100);
  }

  private static boolean matchesAny(List<String> globs, String text) {
    return Glob.anyMatches(globs, text);
  }
}
