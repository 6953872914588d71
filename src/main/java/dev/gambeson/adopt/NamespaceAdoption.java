package dev.gambeson.adopt;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gambeson.admission.MalformedReviewException;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.review.JudgedObject;
import dev.gambeson.review.KubernetesObject;
import dev.gambeson.review.Namespaces;
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

  private final String name;
  private final NamespacePlan.Now now;
  private final Adoption.Terms terms;
  private final List<KubernetesObject> known;
  private final List<KubernetesObject> workloads = new ArrayList<>();
  private PodSecurityLevel level = PodSecurityLevel.RESTRICTED;

  /**
   * Creates it, without workloads.
   *
   * @param now what the namespace has
   * @param known the LimitRanges of the namespace and the PriorityClasses of the cluster
   */
  NamespaceAdoption(
      String name, NamespacePlan.Now now, List<KubernetesObject> known, Adoption.Terms terms) {
    this.name = name;
    this.now = now;
    this.known = known;
    this.terms = terms;
  }

  /**
   * Adds a workload; ignores an object that describes no pod.
   *
   * @throws MalformedReviewException if it cannot be judged
   */
  void add(KubernetesObject object) throws MalformedReviewException {
    var judged = review(unfixed(), false, known).judge(object);
    if (judged.isPresent()) {
      workloads.add(object);
      for (var finding : judged.get().review().findings()) {
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
    var profile =
        Objects.requireNonNull(terms.configuration().profiles().get(terms.profiles().getFirst()));
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
      var refused = refused(profile, List.of());
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
    var asked = now.profile();
    for (var workload : workloads) {
      var judged = judge(workload, profile, exemptions.keySet(), false);
      var before =
          asked == null || !terms.configuration().profiles().containsKey(asked)
              ? Set.<RiskyFix>of()
              : new HashSet<>(RiskyFixes.of(judge(workload, asked, Set.of(), false).review()));
      RiskyFixes.of(judged.review()).stream()
          .filter(fix -> !before.contains(fix))
          .forEach(risks::add);
      refused.addAll(lines(judged, enforced(judged)));
    }
    return new NamespacePlan(
        name,
        now,
        profile,
        level,
        workloads.stream().map(NamespaceAdoption::reference).toList(),
        exemptions,
        refused,
        risks,
        next);
  }

  /** The workloads that a profile refuses. */
  private List<KubernetesObject> refused(String profile, Collection<Exemption> exemptions) {
    return workloads.stream()
        .filter(workload -> !judge(workload, profile, exemptions, false).review().allowed())
        .toList();
  }

  /**
   * The fewest exemptions with which a profile refuses nothing: one also switches off fixes, and
   * not only those of the workload that it was made for.
   *
   * @return empty where none let everything pass
   */
  private Optional<Map<Exemption, List<String>>> carrying(
      String profile, List<KubernetesObject> refused) {
    var all = new LinkedHashMap<Exemption, List<String>>();
    for (var workload : refused) {
      var judged = judge(workload, profile, all.keySet(), true);
      var proposal = Objects.requireNonNull(judged.proposal());
      if (!proposal.remainder().isEmpty()) {
        return Optional.empty();
      }
      proposal
          .exemptions()
          .forEach((exemption, findings) ->
              all.computeIfAbsent(exemption, key -> new ArrayList<>())
                  .addAll(lines(judged, findings)));
    }
    if (!refused(profile, all.keySet()).isEmpty()) {
      return Optional.empty();
    }
    for (var exemption : List.copyOf(all.keySet())) {
      var others = new HashSet<>(all.keySet());
      others.remove(exemption);
      if (refused.stream()
          .allMatch(workload -> judge(workload, profile, others, false).review().allowed())) {
        all.remove(exemption);
      }
    }
    return Optional.of(all);
  }

  private NamespacePlan.Obstacles obstacles(String profile, List<KubernetesObject> refused) {
    var rules = new LinkedHashMap<String, List<String>>();
    var toBeFixed = new HashSet<String>();
    for (var workload : refused) {
      var judged = judge(workload, profile, List.of(), true);
      rules.put(
          reference(workload),
          enforced(judged).stream().map(finding -> finding.violation().rule()).distinct().toList());
      if (!Objects.requireNonNull(judged.proposal()).remainder().isEmpty()) {
        toBeFixed.add(reference(workload));
      }
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
  static String reference(KubernetesObject object) {
    return object.kind().toLowerCase(Locale.ROOT)
        + "/"
        + object.value().path("metadata").path("name").asText();
  }

  private JudgedObject judge(
      KubernetesObject workload,
      String profile,
      Collection<Exemption> exemptions,
      boolean proposing) {
    var choice = terms.configuration().choose(profile).orElseThrow().exempting(exemptions);
    try {
      return review(choice, proposing, withLevel()).judge(workload).orElseThrow();
    } catch (MalformedReviewException e) {
      throw new IllegalStateException("it could be judged before", e);
    }
  }

  private ObjectReview review(
      Configuration.Choice choice, boolean proposing, List<KubernetesObject> others) {
    return new ObjectReview(
        new ReviewTerms(
            terms.configuration(),
            choice,
            terms.namespace(),
            terms.now(),
            Requester.UNKNOWN,
            proposing),
        others.stream());
  }

  /** The known objects, the namespace with the level that it will enforce. */
  private List<KubernetesObject> withLevel() {
    var value = JsonNodeFactory.instance.objectNode();
    value
        .putObject("metadata")
        .put("name", name)
        .putObject("labels")
        .put(Namespaces.POD_SECURITY, level.name().toLowerCase(Locale.ROOT));
    var all = new ArrayList<>(known);
    all.add(new KubernetesObject("v1", "Namespace", FieldPath.ROOT, value));
    return all;
  }
}
