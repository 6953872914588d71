package dev.gambeson.advice;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Violation;
import dev.gambeson.rules.Rules;
import dev.gambeson.verdict.Excerpt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One thing to do about violations.
 *
 * @param sentence where to do it; empty where that is clear
 * @param ask what introduces the YAML
 * @param violations what the YAML fixes, as far as a field that is set or removed can
 * @param root the object in which they were found
 * @param prefix where that stands in what the YAML is pasted into
 */
public record Advice(
    String sentence, String ask, List<Violation> violations, JsonNode root, FieldPath prefix) {
  private static final int FEW = 16;

  /** Nobody reads more of them. */
  private static final int MOST_ALLOWED = 20;

  private static final String NO_ROOM =
      "(The YAML to paste is too long for this message: gambeson review shows it.)";

  /** The sentence, and as much of the YAML as there is room for: whole fields only. */
  public String text(int room) {
    var remedies = remedies();
    int all = remedies.size();
    var fitting = shortest();
    int fits = 0;
    int tooMany = all + 1;
    int tried = Math.min(all, FEW);
    // Twice as many each time, then halfway back: a pod may have thousands, and few of them fit.
    while (fits + 1 < tooMany) {
      var text = text(remedies.subList(0, tried), all - tried);
      if (Excerpt.bytes(text) <= room) {
        fits = tried;
        fitting = text;
      } else {
        tooMany = tried;
      }
      tried = tooMany > all ? Math.min(all, 2 * fits) : (fits + tooMany) / 2;
    }
    return fitting;
  }

  /** What the one who pastes the YAML has to know of it, in sentences. */
  public List<String> remarks() {
    var rest =
        violations.stream()
            .filter(violation -> violation.remedy() == null)
            .map(Violation::rule)
            .distinct()
            .collect(Collectors.joining(", "));
    var risks =
        violations.stream()
            .filter(violation -> violation.remedy() != null)
            .map(Violation::rule)
            .distinct()
            .flatMap(rule -> Rules.named(rule).stream())
            .map(rule -> rule instanceof Rule.Check check ? check.atRisk() : "")
            .filter(risk -> !risk.isEmpty())
            .distinct()
            .collect(Collectors.joining("; if "));
    var remarks = new ArrayList<String>();
    violations.stream().flatMap(Advice::allowed).distinct().forEach(remarks::add);
    if (!rest.isEmpty() && !remedies().isEmpty()) {
      remarks.add("Not in the YAML below, for only you can decide: " + rest + ".");
    }
    if (!risks.isEmpty()) {
      remarks.add("With the YAML below, a container may not start, or not work, if " + risks + ".");
    }
    return remarks;
  }

  /** The values that the rule allows, where the line of the violation does not have all of them. */
  private static Stream<String> allowed(Violation violation) {
    var all = violation.allowed();
    if (all.isEmpty() || violation.wanted().contains(String.join(", ", all))) {
      return Stream.of();
    }
    var few = String.join(", ", all.subList(0, Math.min(all.size(), MOST_ALLOWED)));
    return Stream.of(
        "Allowed by %s: %s%s"
            .formatted(
                violation.rule(),
                few,
                all.size() > MOST_ALLOWED ? ", … (%d in all)".formatted(all.size()) : ""));
  }

  private String text(List<List<Violation>> some, int left) {
    return followedBy(ask)
        + "\n"
        + Snippet.yaml(some.stream().flatMap(List::stream).toList(), root, prefix).stripTrailing()
        + (left == 0 ? "" : "\n" + "# … and %d more: gambeson review shows all".formatted(left));
  }

  /** What is written where there is no room for any YAML. */
  public String shortest() {
    return remedies().isEmpty() ? sentence : followedBy(NO_ROOM);
  }

  /** The violations of each field that has to be set. */
  private List<List<Violation>> remedies() {
    return List.copyOf(
        violations.stream()
            .filter(violation -> violation.remedy() != null)
            .collect(
                Collectors.groupingBy(Violation::path, LinkedHashMap::new, Collectors.toList()))
            .values());
  }

  private String followedBy(String more) {
    return sentence.isEmpty() ? more : sentence + " " + more;
  }
}
