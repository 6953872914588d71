package dev.gambeson.review;

import dev.gambeson.rule.Risk;
import dev.gambeson.verdict.CheckMode;
import dev.gambeson.verdict.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What two verdicts on one object differ in.
 *
 * @param object {@code Deployment shop/web}
 * @param newlyFixed rules that write fields which they did not write, each with the worst risk
 * @param noLongerFixed rules that do not write fields which they wrote
 * @param fixedOtherwise rules that write other values into fields which they wrote
 * @param newlyRefused why it is refused that was not, in words
 * @param noLongerRefused why it was refused that is not, in words
 * @param fields those that fixes leave with other values
 */
public record ObjectChange(
    String object,
    List<String> newlyFixed,
    List<String> noLongerFixed,
    List<String> fixedOtherwise,
    List<String> newlyRefused,
    List<String> noLongerRefused,
    List<FixedField> fields) {
  public ObjectChange {
    newlyFixed = List.copyOf(newlyFixed);
    noLongerFixed = List.copyOf(noLongerFixed);
    fixedOtherwise = List.copyOf(fixedOtherwise);
    newlyRefused = List.copyOf(newlyRefused);
    noLongerRefused = List.copyOf(noLongerRefused);
    fields = List.copyOf(fields);
  }

  /** Compares two verdicts on one object. */
  static ObjectChange between(JudgedObject before, JudgedObject after) {
    var fields = FixedField.differing(before, after);
    var refusedBefore = refused(before);
    var refusedAfter = refused(after);
    return new ObjectChange(
        after.title(),
        rules(fields, FixedField::isNew),
        rules(fields, FixedField::isGone),
        rules(fields, field -> !field.isNew() && !field.isGone()),
        without(refusedAfter, refusedBefore),
        without(refusedBefore, refusedAfter),
        fields);
  }

  boolean isEmpty() {
    return fields.isEmpty() && newlyRefused.isEmpty() && noLongerRefused.isEmpty();
  }

  private static List<String> rules(List<FixedField> fields, Predicate<FixedField> wanted) {
    var rules = new TreeMap<String, Risk>();
    fields.stream()
        .filter(wanted)
        .forEach(field -> rules.merge(field.rule(), field.risk(), Risk::worse));
    var all = new ArrayList<String>();
    rules.forEach((rule, risk) -> all.add(rule + " (" + risk + ")"));
    return all;
  }

  private static List<String> without(Map<String, String> all, Map<String, String> others) {
    return all.entrySet().stream()
        .filter(entry -> !others.containsKey(entry.getKey()))
        .map(Map.Entry::getValue)
        .toList();
  }

  private static Map<String, String> refused(JudgedObject object) {
    var all = new TreeMap<String, String>();
    for (Finding finding : object.findings(CheckMode.ENFORCE)) {
      var violation = finding.violation();
      all.put(
          violation.rule() + " " + violation.container() + " " + violation.path(),
          finding.message(object.pod()));
    }
    return all;
  }
}
