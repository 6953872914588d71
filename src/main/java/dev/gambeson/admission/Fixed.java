package dev.gambeson.admission;

import dev.gambeson.pod.FieldPath;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What one rule's fix did to one pod.
 *
 * @param paths the fields that it added, changed or removed; empty where there was nothing to do
 * @param warnings what the author of the pod should know, without the name of the rule
 */
public record Fixed(String rule, List<FieldPath> paths, List<String> warnings) {
  public Fixed {
    paths = List.copyOf(paths);
    warnings = List.copyOf(warnings);
  }

  /** The same in an object that has the pod there. */
  Fixed under(FieldPath prefix) {
    return new Fixed(rule, paths.stream().map(path -> path.under(prefix)).toList(), warnings);
  }

  /** The same, and something more that the pod's author should know. */
  Fixed warning(String warning) {
    var all = new ArrayList<>(warnings);
    all.add(warning);
    return new Fixed(rule, paths, all);
  }

  boolean changedAnything() {
    return !paths.isEmpty();
  }

  /** The warnings, each with the name of the rule. */
  List<String> messages() {
    return warnings.stream().map(warning -> "[" + rule + "] " + warning).toList();
  }

  /** {@code would set spec.dnsPolicy, spec.containers[0].env[0]}, of a fix that is only audited. */
  String wouldSet() {
    return paths.stream()
        .map(FieldPath::toString)
        .collect(Collectors.joining(", ", "would set ", ""));
  }
}
