package dev.gambeson.adopt;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.admission.MalformedReviewException;
import dev.gambeson.review.JudgedObject;
import dev.gambeson.review.KubernetesObject;
import dev.gambeson.review.ObjectReview;
import dev.gambeson.review.ReviewTerms;
import dev.gambeson.rule.ExceptedPods;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Requester;
import dev.gambeson.verdict.CheckMode;
import dev.gambeson.verdict.Configuration;
import dev.gambeson.verdict.Exemption;
import dev.gambeson.verdict.Finding;
import dev.gambeson.verdict.FixMode;
import dev.gambeson.verdict.Help;
import dev.gambeson.verdict.PodSecurity;
import dev.gambeson.verdict.Profile;
import dev.gambeson.verdict.RuleSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The search for the strictest profile of one namespace. */
final class NamespaceAdoption {
  /** A profile that must exempt more workloads, and more than a third of all, is the wrong one. */
  private static final int FEW = 3;

  private static final Set<String> RESTARTABLE = Set.of("Deployment", "StatefulSet", "DaemonSet");

  private final String name;
  private final NamespacePlan.Now now;
  private final Surroundings surroundings;
  private final Adoption.Terms terms;
  private final Configuration configuration;
  private final ObjectReview asWritten;
  private final List<KubernetesObject> workloads = new ArrayList<>();
  private PodSecurityLevel level = PodSecurityLevel.RESTRICTED;

  /**
   * What an exemption is for.
   *
   * @param workload that which was refused without it
   * @param findings all that it lets pass, in words
   */
  private record Carried(KubernetesObject workload, List<String> findings) {}

  /** Creates it, without workloads. */
  NamespaceAdoption(String name, Surroundings surroundings, Adoption.Terms terms) {
    this.name = name;
    this.surroundings = surroundings;
    this.terms = terms;
    now = surroundings.now(name);
    configuration = terms.enforcing();
    asWritten = review(unfixed(), false, surroundings.known(name));
  }

  /**
   * Adds a workload; ignores an object that describes no pod.
   *
   * @throws MalformedReviewException if it cannot be judged
   */
  void add(KubernetesObject object) throws MalformedReviewException {
    var judged = asWritten.judgeAll(object);
    if (!judged.isEmpty()) {
      workloads.add(object);
    }
    for (var pod : judged) {
      for (var finding : pod.review().findings()) {
        if (finding.violation().level() == PodSecurityLevel.BASELINE) {
          level = PodSecurityLevel.PRIVILEGED;
        } else if (finding.violation().level() == PodSecurityLevel.RESTRICTED
            && level == PodSecurityLevel.RESTRICTED) {
          level = PodSecurityLevel.BASELINE;
        }
      }
    }
  }

  boolean hasWorkloads() {
    return !workloads.isEmpty();
  }

  /** A profile that finds what breaks Pod Security in what authors wrote, and changes nothing. */
  private Configuration.Choice unfixed() {
    var profile = Objects.requireNonNull(configuration.profiles().get(terms.profiles().getFirst()));
    return new Configuration.Choice(
        new Profile(
            profile.name(),
            new PodSecurity(
                PodSecurityLevel.RESTRICTED,
                PodSecurityLevel.RESTRICTED,
                PodSecurityLevel.RESTRICTED,
                profile.podSecurity().version()),
            CheckMode.OFF,
            Set.of(),
            profile.rules().stream()
                .map(settings ->
                    new RuleSettings(
                        settings.rule(), FixMode.OFF, ExceptedPods.NONE, CheckMode.OFF, null))
                .toList()),
        List.of(),
        Help.NONE,
        null);
  }

  NamespacePlan plan() {
    if (level.compareTo(now.level()) < 0) {
      level = now.level();
    }
    NamespacePlan.Obstacles next = null;
    for (var profile : terms.profiles()) {
      var refused = refused(profile, List.of(), workloads);
      boolean last = profile.equals(terms.profiles().getLast());
      if (last || refused.size() <= Math.max(FEW, workloads.size() / 3)) {
        var exemptions = carrying(profile, refused);
        if (last || exemptions.isPresent()) {
          return plan(profile, exemptions.orElse(Map.of()), next);
        }
      }
      next = obstacles(profile, refused);
    }
    throw new IllegalStateException("no profiles");
  }

  private NamespacePlan plan(
      String profile,
      Map<Exemption, List<String>> exemptions,
      NamespacePlan.@Nullable Obstacles next) {
    var risks = new ArrayList<RiskyFix>();
    var refused = new ArrayList<String>();
    var then = review(choice(profile, exemptions.keySet()), false);
    var before =
        now.isChosen() || now.isInForce()
            ? Optional.of(review(choice(now.profile(), Set.of()), false))
            : Optional.<ObjectReview>empty();
    for (var workload : workloads) {
      var fixed = new LinkedHashSet<RiskyFix>();
      for (var judged : judge(then, workload)) {
        fixed.addAll(RiskyFixes.of(judged));
        refused.addAll(lines(judged, enforced(judged)));
      }
      before.ifPresent(review ->
          judge(review, workload).forEach(judged -> fixed.removeAll(RiskyFixes.of(judged))));
      risks.addAll(fixed);
    }
    return new NamespacePlan(
        name,
        now,
        profile,
        level,
        !now.isPinned() && surroundings.isSelectable(name, profile),
        workloads.stream().map(NamespaceAdoption::reference).toList(),
        workloads.stream()
            .filter(NamespaceAdoption::isRestartable)
            .map(NamespaceAdoption::reference)
            .toList(),
        exemptions,
        refused,
        risks,
        next);
  }

  /** Those of some workloads that a profile refuses. */
  private List<KubernetesObject> refused(
      String profile, Collection<Exemption> exemptions, List<KubernetesObject> some) {
    var review = review(choice(profile, exemptions), false);
    return some.stream().filter(workload -> isRefused(review, workload)).toList();
  }

  private static boolean isRefused(ObjectReview review, KubernetesObject workload) {
    return judge(review, workload).stream().anyMatch(judged -> !judged.review().allowed());
  }

  /**
   * The fewest exemptions with which a profile refuses nothing: one also switches off fixes, and
   * not only those of the workload that it was made for.
   *
   * @return empty where none let everything pass
   */
  private Optional<Map<Exemption, List<String>>> carrying(
      String profile, List<KubernetesObject> refused) {
    if (refused.isEmpty()) {
      return Optional.of(Map.of());
    }
    var all = new LinkedHashMap<Exemption, Carried>();
    for (var workload : refused) {
      for (var judged : judge(review(choice(profile, all.keySet()), true), workload)) {
        var proposal = Objects.requireNonNull(judged.proposal());
        if (!proposal.remainder().isEmpty()) {
          return Optional.empty();
        }
        proposal
            .exemptions()
            .forEach((exemption, findings) ->
                all.computeIfAbsent(exemption, key -> new Carried(workload, new ArrayList<>()))
                    .findings()
                    .addAll(lines(judged, findings)));
      }
    }
    if (!refused(profile, all.keySet(), workloads).isEmpty()) {
      return Optional.empty();
    }
    for (var exemption : List.copyOf(all.keySet())) {
      var others = new HashSet<>(all.keySet());
      others.remove(exemption);
      var review = review(choice(profile, others), false);
      if (!isRefused(review, Objects.requireNonNull(all.get(exemption)).workload())
          && refused.stream().noneMatch(workload -> isRefused(review, workload))) {
        all.remove(exemption);
      }
    }
    var carried = new LinkedHashMap<Exemption, List<String>>();
    all.forEach((exemption, what) -> carried.put(exemption, what.findings()));
    return Optional.of(carried);
  }

  private NamespacePlan.Obstacles obstacles(String profile, List<KubernetesObject> refused) {
    var rules = new LinkedHashMap<String, List<String>>();
    var toBeFixed = new HashSet<String>();
    var review = review(choice(profile, List.of()), true);
    for (var workload : refused) {
      var broken = new LinkedHashSet<String>();
      for (var judged : judge(review, workload)) {
        enforced(judged).forEach(finding -> broken.add(finding.violation().rule()));
        if (!Objects.requireNonNull(judged.proposal()).remainder().isEmpty()) {
          toBeFixed.add(reference(workload));
        }
      }
      rules.put(reference(workload), List.copyOf(broken));
    }
    return new NamespacePlan.Obstacles(profile, rules, toBeFixed);
  }

  private static List<Finding> enforced(JudgedObject judged) {
    return judged.findings(CheckMode.ENFORCE);
  }

  private static List<String> lines(JudgedObject judged, List<Finding> findings) {
    return findings.stream()
        .map(finding -> judged.title() + ": " + finding.message(judged.pod()))
        .toList();
  }

  /** {@code deployment/web}, as kubectl names it. */
  private static String reference(KubernetesObject object) {
    return object.kind().toLowerCase(Locale.ROOT)
        + "/"
        + object.value().path("metadata").path("name").asText();
  }

  /** Whether {@code kubectl rollout restart} recreates its pods, and can wait for them. */
  private static boolean isRestartable(KubernetesObject object) {
    JsonNode spec = object.value().path("spec");
    return RESTARTABLE.contains(object.kind())
        && !spec.path("paused").asBoolean()
        && !spec.path("updateStrategy").path("type").asText().equals("OnDelete");
  }

  private static List<JudgedObject> judge(ObjectReview review, KubernetesObject workload) {
    try {
      return review.judgeAll(workload);
    } catch (MalformedReviewException e) {
      throw new IllegalStateException("it could be judged before", e);
    }
  }

  private Configuration.Choice choice(String profile, Collection<Exemption> exemptions) {
    return configuration.choose(profile).orElseThrow().exempting(exemptions);
  }

  private ObjectReview review(Configuration.Choice choice, boolean proposing) {
    return review(choice, proposing, surroundings.known(name, level));
  }

  private ObjectReview review(
      Configuration.Choice choice, boolean proposing, List<KubernetesObject> known) {
    return new ObjectReview(
        new ReviewTerms(
            configuration, choice, terms.namespace(), terms.now(), Requester.UNKNOWN, proposing),
        known.stream());
  }
}
