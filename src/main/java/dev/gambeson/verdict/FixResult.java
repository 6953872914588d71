package dev.gambeson.verdict;

import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.Risk;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What one rule's fix did to one pod.
 *
 * @param changes empty where there was nothing to do
 * @param warnings what the author of the pod should know, without the name of the rule
 */
public record FixResult(String rule, List<Change> changes, List<String> warnings) {

  /** A field that was added, changed or removed, and what that may do to the pod. */
  public record Change(FieldPath path, Risk risk) {}

  public FixResult {
    changes = List.copyOf(changes);
    warnings = List.copyOf(warnings);
  }

  /** The fields that were added, changed or removed. */
  public List<FieldPath> paths() {
    return changes.stream().map(Change::path).toList();
  }

  /** The same in an object that has the pod there. */
  public FixResult under(FieldPath prefix) {
    return mapped(path -> Optional.of(path.under(prefix)));
  }

  /** The same where the fields have other places; a field without one is left out. */
  public FixResult mapped(Function<FieldPath, Optional<FieldPath>> place) {
    return new FixResult(
        rule,
        changes.stream()
            .flatMap(change ->
                place.apply(change.path()).map(path -> new Change(path, change.risk())).stream())
            .toList(),
        warnings);
  }

  /** The same, and something more that the pod's author should know. */
  public FixResult warning(String warning) {
    var all = new ArrayList<>(warnings);
    all.add(warning);
    return new FixResult(rule, changes, all);
  }

  public boolean changedAnything() {
    return !changes.isEmpty();
  }

  /** The warnings, each with the name of the rule. */
  public List<String> messages() {
    return warnings.stream().map(warning -> "[" + rule + "] " + warning).toList();
  }

  /** Tells the audit log what a fix that is only audited would have changed. */
  public void auditWouldSet(AuditAnnotations annotations) {
    var before = "would set ";
    for (var path : paths()) {
      var start = before;
      annotations.add("would-apply." + rule, ", ", () -> start + path);
      before = "";
    }
  }

  /** {@code would set spec.dnsPolicy, spec.containers[0].env[0]}, of a fix that is only audited. */
  public String wouldSet() {
    return paths().stream()
        .map(FieldPath::toString)
        .collect(Collectors.joining(", ", "would set ", ""));
  }
}
