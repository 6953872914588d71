package dev.gambeson.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.pod.ImageReference;
import dev.gambeson.pod.PodIndex;
import dev.gambeson.pod.PodSelector;
import dev.gambeson.pod.PodTraits;
import dev.gambeson.rule.Requester;
import dev.gambeson.rule.Rule;
import dev.gambeson.rules.Rules;
import dev.gambeson.verdict.Exemption;
import dev.gambeson.verdict.Expiry;
import dev.gambeson.verdict.Finding;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The narrowest exemptions that would let pass what a review refuses: for the namespace, the labels
 * and the container in which it was found, and bounded to that.
 */
public final class ExemptionProposal {
  private static final String TO_BE_FILLED_IN = "to be filled in";
  private static final int DAYS = 90;
  private static final String WHOLE_POD = "";

  /** They change with every release of an application. */
  private static final Set<String> LABELS_OF_ONE_RELEASE =
      Set.of("app.kubernetes.io/version", "helm.sh/chart", "version", "chart");

  /**
   * What of the pod an exemption is for.
   *
   * @param bounded the rule that has the values; empty for rules without
   */
  private record Part(
      String bounded, List<String> containers, List<String> images, @Nullable Record values) {}

  private final TemplateReview review;
  private final Requester requester;
  private final Expiry expires;
  private final Map<Part, List<Finding>> parts = new LinkedHashMap<>();
  private final @Nullable PodSelector selector;
  private List<Finding> remainder = List.of();

  /**
   * Creates it, empty.
   *
   * @param review of the object without any of them
   * @param requester who creates the object
   * @param now the moment from which on they exempt
   */
  ExemptionProposal(TemplateReview review, Requester requester, Instant now) {
    this.review = review;
    this.requester = requester;
    this.selector = selector(review);
    this.expires = expiry(now);
  }

  private static Expiry expiry(Instant now) {
    return Expiry.parse(LocalDate.ofInstant(now, ZoneOffset.UTC).plusDays(DAYS).toString());
  }

  /**
   * The narrowest exemption that keeps the fix of a rule without bounds from the pods of a
   * workload.
   *
   * @param review of the workload
   * @param container the only one to exempt; empty for the pod as a whole
   * @param now the moment from which on it exempts
   */
  public static Exemption ofFix(TemplateReview review, Rule rule, String container, Instant now) {
    boolean whole =
        container.isEmpty() || rule.containerKinds().isEmpty() || rule instanceof Rule.Injects;
    return new Exemption(
        List.of(rule.name()),
        List.of(review.namespace()),
        selector(review),
        whole ? List.of() : List.of(container),
        List.of(),
        List.of(),
        List.of(),
        null,
        TO_BE_FILLED_IN,
        TO_BE_FILLED_IN,
        expiry(now),
        null);
  }

  /** The exemptions, whose reason and approver are still to be written, and what each lets pass. */
  public Map<Exemption, List<Finding>> exemptions() {
    var exemptions = new LinkedHashMap<Exemption, List<Finding>>();
    parts.forEach((part, findings) -> exemptions.put(exemption(part, findings), findings));
    return exemptions;
  }

  /** What is enforced and no exemption lets pass. */
  public List<Finding> remainder() {
    return remainder;
  }

  /**
   * Adds what is still needed.
   *
   * @param remaining the review with the exemptions so far
   */
  void add(TemplateReview remaining, ReviewCodec codec) throws MalformedReviewException {
    ObjectNode described = remaining.pod().deepCopy();
    described.withObject("/metadata");
    var pod = new PodIndex(codec.pod(described));
    remainder = remaining.enforced();
    grouped(remainder, finding -> finding.violation().rule())
        .forEach((name, findings) -> {
          switch (Rules.named(name).orElseThrow()) {
            case Rule.Bounded<?> bounded -> addWithin(bounded, findings, pod);
            case Rule rule -> add(rule.name(), findings, pod);
          }
        });
  }

  /** Takes out one that is not needed. */
  void remove(Exemption exemption) {
    parts.entrySet().removeIf(part -> exemption(part.getKey(), part.getValue()).equals(exemption));
  }

  private Exemption exemption(Part part, List<Finding> findings) {
    boolean byUser = review.template().isRoot() && !requester.user().isEmpty();
    return new Exemption(
        findings.stream().map(finding -> finding.violation().rule()).distinct().toList(),
        List.of(review.namespace()),
        selector,
        part.containers(),
        part.images(),
        byUser ? List.of(requester.user()) : List.of(),
        List.of(),
        part.values(),
        TO_BE_FILLED_IN,
        TO_BE_FILLED_IN,
        expires,
        null);
  }

  /** The labels that the pods' author wrote to stay; null where there are none. */
  private static @Nullable PodSelector selector(TemplateReview review) {
    var path = review.template().field("metadata").field("labels");
    var filled =
        review.fixed().stream().flatMap(fix -> fix.paths().stream()).collect(Collectors.toSet());
    var labels = new HashMap<String, String>();
    review
        .object()
        .at(path.pointer())
        .properties()
        .forEach(label -> {
          var key = label.getKey();
          var value = label.getValue().textValue();
          if (value != null
              && !PodTraits.isLabelOfOneReplica(key)
              && !LABELS_OF_ONE_RELEASE.contains(key)
              && !filled.contains(path.field(key))
              && PodSelector.isLabel(key, value)) {
            labels.put(key, value);
          }
        });
    return labels.isEmpty() ? null : new PodSelector(labels, List.of());
  }

  /** Whatever the rule finds: in single containers, unless it finds something elsewhere. */
  private void add(String rule, List<Finding> findings, PodIndex pod) {
    var all = new ArrayList<Finding>();
    boolean whole = findings.stream().anyMatch(finding -> finding.violation().container() == null);
    if (whole) {
      all.addAll(takeBack(rule));
    }
    all.addAll(findings);
    grouped(all, finding -> whole ? WHOLE_POD : container(finding))
        .forEach((container, some) ->
            parts
                .computeIfAbsent(part("", container, some, null, pod), key -> new ArrayList<>())
                .addAll(some));
  }

  private List<Finding> takeBack(String rule) {
    var taken = new ArrayList<Finding>();
    for (var findings : parts.values()) {
      findings.stream()
          .filter(finding -> finding.violation().rule().equals(rule))
          .forEach(taken::add);
      findings.removeIf(finding -> finding.violation().rule().equals(rule));
    }
    parts.values().removeIf(List::isEmpty);
    return taken;
  }

  /** Just what the rule finds. */
  private <V extends Record> void addWithin(
      Rule.Bounded<V> rule, List<Finding> findings, PodIndex pod) {
    // A pod for Windows is asked to say so in place of what was found: no bounds are for that.
    var found =
        findings.stream()
            .filter(finding ->
                rule.containerKinds().isEmpty() == (finding.violation().container() == null))
            .toList();
    grouped(found, ExemptionProposal::container)
        .forEach((container, some) -> {
          var violations = some.stream().map(Finding::violation).toList();
          for (var values : rule.tightestBounds(violations, pod)) {
            var within =
                some.stream()
                    .filter(finding ->
                        rule.remainder(List.of(values), finding.violation(), pod).isEmpty());
            parts
                .computeIfAbsent(
                    part(rule.name(), container, some, values, pod), key -> new ArrayList<>())
                .addAll(within.toList());
          }
        });
  }

  private static Part part(
      String bounded,
      String container,
      List<Finding> findings,
      @Nullable Record values,
      PodIndex pod) {
    return container.equals(WHOLE_POD)
        ? new Part(bounded, List.of(), List.of(), values)
        : new Part(bounded, List.of(container), images(container, findings, values, pod), values);
  }

  /** The image itself where that is at fault, else the image in any version. */
  private static List<String> images(
      String container, List<Finding> findings, @Nullable Record values, PodIndex pod) {
    boolean bounded =
        values != null
            && Stream.of(values.getClass().getRecordComponents())
                .anyMatch(component -> component.getName().equals("images"));
    boolean exact =
        findings.stream().anyMatch(finding -> finding.violation().path().last().equals("image"));
    return bounded
        ? List.of()
        : pod.container(container).stream()
            .flatMap(each -> ImageReference.parse(each.image()).stream())
            .map(image -> exact ? image.toString() : image.anyVersion())
            .toList();
  }

  private static String container(Finding finding) {
    return Objects.requireNonNullElse(finding.violation().container(), WHOLE_POD);
  }

  private static Map<String, List<Finding>> grouped(
      List<Finding> findings, Function<Finding, String> key) {
    return findings.stream()
        .collect(Collectors.groupingBy(key, LinkedHashMap::new, Collectors.toList()));
  }
}
