package dev.gambeson.rule;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects what one rule finds in one pod. */
public final class Violations {
  /** Beyond so many, one stands for the others of its level: nobody reads on. */
  private static final int MOST = 5_000;

  private final Rule rule;

  // Most rules find nothing in most pods.
  private @Nullable List<Violation> found;
  private @Nullable Set<Violation> others;

  public Violations(Rule rule) {
    this.rule = rule;
  }

  /** Starts a violation by the pod as a whole. */
  public Draft at(FieldPath path) {
    return new Draft(null, path);
  }

  /** Starts a violation by a container. */
  public Draft at(ContainerRef container, FieldPath path) {
    return new Draft(container.name(), path);
  }

  /** A violation that is being described; its remedy, or that it has none, completes it. */
  public final class Draft {
    private final @Nullable String container;
    private final FieldPath path;
    private @Nullable PodSecurityLevel level;
    private String found = "nothing";
    private String wanted = "";
    private List<String> allowed = List.of();

    private Draft(@Nullable String container, FieldPath path) {
      this.container = container;
      this.path = path;
    }

    /**
     * The level of the Pod Security control that is broken. Without one, the rule's own options
     * are.
     */
    public Draft level(@Nullable PodSecurityLevel broken) {
      level = broken;
      return this;
    }

    /** What stands there, in a few words; never a secret. Nothing where it is null or not said. */
    public Draft found(@Nullable Object was) {
      found = was == null ? "nothing" : was.toString();
      return this;
    }

    /** What should stand there. */
    public Draft wanted(String instead) {
      wanted = instead;
      return this;
    }

    /** The values that may stand there, where they are few but too many for a line. */
    public Draft allowed(List<String> values) {
      allowed = values;
      return this;
    }

    /**
     * Adds the violation.
     *
     * @param remedy see {@link Violation#remedy}; null where only the author can know
     */
    public void remedy(@Nullable Object remedy) {
      add(new Violation(rule.name(), level, container, path, found, wanted, allowed, remedy));
    }

    /** Adds the violation, of which only the author can know what should stand there. */
    public void withoutRemedy() {
      remedy(null);
    }
  }

  private void add(Violation violation) {
    if (found == null) {
      found = new ArrayList<>();
    }
    if (found.size() < MOST) {
      found.add(violation);
    } else {
      if (others == null) {
        others = new LinkedHashSet<>();
      }
      others.add(
          new Violation(
              rule.name(),
              violation.level(),
              null,
              FieldPath.of("spec"),
              "more than " + MOST + " violations of this rule",
              "none",
              List.of(),
              null));
    }
  }

  /** Everything that was found, in the order in which it was. */
  public List<Violation> all() {
    if (found == null) {
      return List.of();
    }
    if (others != null) {
      found.addAll(others);
      others = null;
    }
    return Collections.unmodifiableList(found);
  }
}
