package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what one rule finds in one pod. */
public final class Violations {
  private final String rule;
  private final List<Violation> found = new ArrayList<>();

  public Violations(Rule<?> rule) {
    this.rule = rule.name();
  }

  /** A container breaks a control of the Pod Security Standards; without a level, an option. */
  public void add(
      @Nullable PodSecurityLevel level,
      ContainerRef container,
      FieldPath path,
      String was,
      String wanted,
      @Nullable Object remedy) {
    found.add(new Violation(rule, level, container.name(), path, was, wanted, remedy));
  }

  /**
   * The pod as a whole breaks a control of the Pod Security Standards; without a level, an option.
   */
  public void add(
      @Nullable PodSecurityLevel level,
      FieldPath path,
      String was,
      String wanted,
      @Nullable Object remedy) {
    found.add(new Violation(rule, level, null, path, was, wanted, remedy));
  }

  /** A container breaks what the rule's own options ask for. */
  public void add(
      ContainerRef container, FieldPath path, String was, String wanted, @Nullable Object remedy) {
    found.add(new Violation(rule, null, container.name(), path, was, wanted, remedy));
  }

  /** The pod as a whole breaks what the rule's own options ask for. */
  public void add(FieldPath path, String was, String wanted, @Nullable Object remedy) {
    found.add(new Violation(rule, null, null, path, was, wanted, remedy));
  }

  /** Everything that was found, in the order in which it was. */
  public List<Violation> all() {
    return List.copyOf(found);
  }
}
