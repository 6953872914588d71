package dev.gambeson.rules;

import static dev.gambeson.pod.Fields.PREEMPTION_POLICY;
import static dev.gambeson.pod.Fields.PRIORITY;
import static dev.gambeson.pod.Fields.PRIORITY_CLASS_NAME;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.Glob;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodSelector;
import dev.gambeson.rule.ApiValidation;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Selecting;
import dev.gambeson.rule.Violation;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

@Doc(
    """
    Says how much a pod matters, so that the scheduler and a full node give way in the right order.

    **Field:** `spec.priorityClassName`.

    **The fix changes values:** it writes the class of the first entry of `classes` that selects the
    pod, where the pod has none, and takes out `spec.priority` and `spec.preemptionPolicy`, which
    the API server computed without it; the API server then computes them again. Where the cluster
    has a class with `globalDefault: true`, the API server has written its name already: give it as
    `globalDefault`, and a pod of that class counts as one that has none.

    **The check** asks for a class at all where `required` says so, and for one of `allowed`.

    **Mind:** the API server refuses a pod whose class does not exist, and a quota may forbid a
    class in a namespace: create the class first.
    """)
record PriorityClass(
    @Doc(
            "the classes to fill in: `priorityClassName`, the `pods` by their labels (`{}` for"
                + " all), and `namespaces` as patterns (none for all); the first that fits counts")
        List<Entry> classes,
    @Doc("the cluster's default class, which stands for none") @Nullable String globalDefault,
    @Doc("whether the check asks for a class") boolean required,
    @Doc("the classes that a pod may have: patterns; empty for any") List<String> allowed)
    implements Rule.Fix, Rule.Check {
  PriorityClass {
    classes = List.copyOf(classes);
    allowed = List.copyOf(allowed);
    for (var entry : classes) {
      if (!isAllowed(allowed, entry.priorityClassName())) {
        throw new IllegalArgumentException(
            "classes: \"" + entry.priorityClassName() + "\" is none of those in allowed");
      }
    }
  }

  PriorityClass() {
    this(List.of(), null, true, List.of());
  }

  /** The class of some pods. */
  record Entry(String priorityClassName, PodSelector pods, List<String> namespaces)
      implements Selecting {
    Entry {
      namespaces = List.copyOf(namespaces);
      ApiValidation.requireSubdomain("priorityClassName", priorityClassName);
    }
  }

  @Override
  public Set<ContainerRef.Kind> containerKinds() {
    return Set.of();
  }

  @Override
  public Risk risk() {
    return Risk.SCHEDULING;
  }

  @Override
  public void fix(PodPatch patch, Scope scope) {
    var present = patch.pod().getSpec().getPriorityClassName();
    var wanted = wanted(patch.pod(), scope);
    if (wanted == null || !isNone(present) || wanted.equals(present)) {
      return;
    }
    var spec = patch.spec();
    spec.replace(PRIORITY_CLASS_NAME, wanted);
    spec.remove(PRIORITY);
    spec.remove(PREEMPTION_POLICY);
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    var present = pod.getSpec().getPriorityClassName();
    var allowed = allowed();
    var path = FieldPath.of("spec", "priorityClassName");
    if (present == null || present.isEmpty()) {
      if (required()) {
        violations
            .at(path)
            .wanted(
                allowed.isEmpty() ? "a priority class" : "one of " + Violation.list(allowed, ", "))
            .allowed(allowed)
            .remedy(wanted(pod, scope));
      }
    } else if (!isAllowed(allowed, present)) {
      violations
          .at(path)
          .found(present)
          .wanted("one of " + Violation.list(allowed, ", "))
          .allowed(allowed)
          .withoutRemedy();
    }
  }

  private static boolean isAllowed(List<String> allowed, String name) {
    return allowed.isEmpty() || Glob.anyMatches(allowed, name);
  }

  private boolean isNone(@Nullable String present) {
    return present == null || present.isEmpty() || present.equals(globalDefault());
  }

  private @Nullable String wanted(Pod pod, Scope scope) {
    for (var entry : classes()) {
      if (entry.selects(pod, scope)) {
        return entry.priorityClassName();
      }
    }
    return null;
  }
}
