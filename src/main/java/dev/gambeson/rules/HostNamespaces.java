package dev.gambeson.rules;

import static dev.gambeson.rule.PodSecurityLevel.BASELINE;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodIndex;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Violation;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

@Doc(
    """
    Refuses pods that share a namespace of their node: its network, its processes or its shared
    memory.

    **Fields:** `spec.hostNetwork`, `spec.hostPID`, `spec.hostIPC`. **Allowed:** absent, `false`.

    **Exemptions** are bounded by `fields`.

    **Standard:** Pod Security "baseline", every version.
    """)
record HostNamespaces() implements Rule.Bounded<HostNamespaces.Values> {

  /** A field that shares one. */
  enum Field {
    HOST_NETWORK("hostNetwork"),
    HOST_PID("hostPID"),
    HOST_IPC("hostIPC");

    private final String text;

    Field(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** What an exemption may let a pod share. */
  record Values(@Doc("the fields that may be `true`") List<Field> fields) {
    Values {
      fields = List.copyOf(fields);
      if (fields.isEmpty()) {
        throw new IllegalArgumentException("fields: is empty: write hostNetwork for example");
      }
    }
  }

  @Override
  public Set<ContainerRef.Kind> containerKinds() {
    return Set.of();
  }

  @Override
  public Set<PodSecurityLevel> controls() {
    return Set.of(BASELINE);
  }

  @Override
  public String atRisk() {
    return "it needs its node's network, processes or shared memory";
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    report(Field.HOST_NETWORK, pod.getSpec().getHostNetwork(), violations);
    report(Field.HOST_PID, pod.getSpec().getHostPID(), violations);
    report(Field.HOST_IPC, pod.getSpec().getHostIPC(), violations);
  }

  @Override
  public Class<Values> values() {
    return Values.class;
  }

  @Override
  public Optional<Violation> remainder(List<Values> granted, Violation violation, PodIndex pod) {
    return granted.stream()
            .flatMap(values -> values.fields().stream())
            .anyMatch(field -> path(field).equals(violation.path()))
        ? Optional.empty()
        : Optional.of(violation);
  }

  @Override
  public List<Values> tightestBounds(List<Violation> violations, PodIndex pod) {
    var paths = violations.stream().map(Violation::path).toList();
    return List.of(
        new Values(
            Stream.of(Field.values()).filter(field -> paths.contains(path(field))).toList()));
  }

  private static void report(Field field, @Nullable Boolean value, Violations violations) {
    if (Boolean.TRUE.equals(value)) {
      violations.at(path(field)).level(BASELINE).found("true").wanted("false").remedy(false);
    }
  }

  private static FieldPath path(Field field) {
    return FieldPath.of("spec", field.toString());
  }
}
