package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Collects what one rule finds in one pod. */
public final class Violations {
  /** Beyond so many, one stands for the others of its level: nobody reads on. */
  private static final int MOST = 5_000;

  private final String rule;
  private final List<Violation> found = new ArrayList<>();
  private final Set<Violation> others = new LinkedHashSet<>();

  public Violations(Rule rule) {
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
    add(new Violation(rule, level, container.name(), path, was, wanted, remedy));
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
    add(new Violation(rule, level, null, path, was, wanted, remedy));
  }

  /** A container breaks what the rule's own options ask for. */
  public void add(
      ContainerRef container, FieldPath path, String was, String wanted, @Nullable Object remedy) {
    add(new Violation(rule, null, container.name(), path, was, wanted, remedy));
  }

  /** The pod as a whole breaks what the rule's own options ask for. */
  public void add(FieldPath path, String was, String wanted, @Nullable Object remedy) {
    add(new Violation(rule, null, null, path, was, wanted, remedy));
  }

  private void add(Violation violation) {
    if (found.size() < MOST) {
      found.add(violation);
    } else {
      others.add(
          new Violation(
              rule,
              violation.level(),
              null,
              FieldPath.of("spec"),
              "more than " + MOST + " violations of this rule",
              "none",
              null));
    }
  }

  /** Everything that was found, in the order in which it was. */
  public List<Violation> all() {
    return Stream.concat(found.stream(), others.stream()).toList();
  }
}
