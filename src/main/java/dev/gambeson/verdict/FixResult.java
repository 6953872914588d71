package dev.gambeson.verdict;

import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.Risk;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one rule's fix did to one pod.
 *
 * @param changes empty where there was nothing to do
 * @param warnings what the author of the pod should know, without the name of the rule
 */
public record FixResult(String rule, List<Change> changes, List<String> warnings) {

  /**
   * A field that was added, changed or removed, and what that may do to the pod.
   *
   * @param before what stood there, as the model or JSON has it; null where nothing did
   * @param after what stands there now; null where it was removed
   */
  public record Change(
      FieldPath path, Risk risk, @Nullable Object before, @Nullable Object after) {}

  public FixResult {
    changes = List.copyOf(changes);
    warnings = List.copyOf(warnings);
  }

  /** The fields that were added, changed or removed. */
  public List<FieldPath> paths() {
    return changes.stream().map(Change::path).toList();
  }

  /** The same with other changes; one without another is left out. */
  public FixResult mapped(Function<Change, Optional<Change>> other) {
    return new FixResult(
        rule, changes.stream().flatMap(change -> other.apply(change).stream()).toList(), warnings);
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
    return warnings.isEmpty()
        ? List.of()
        : warnings.stream().map(warning -> "[" + rule + "] " + warning).toList();
  }

  /** Tells the audit log what a fix that is only audited would have changed. */
  public void auditWouldSet(AuditAnnotations annotations) {
    var before = "would set ";
    for (var change : changes) {
      var start = before;
      annotations.add("would-apply." + rule, ", ", () -> start + change.path());
      before = "";
    }
  }
}
