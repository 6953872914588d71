package dev.gambeson.rule;

import dev.gambeson.pod.PodTraits;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The pods that the fix of a rule leaves alone: those of one of these controllers, and those of one
 * of these classes. Its check judges them all the same, for both are in the hand of a pod's author.
 */
public record ExceptedPods(
    @Doc("The kinds of their controllers, of whatever API group.") List<String> ownerKinds,
    @Doc("Their priority classes.") List<String> priorityClasses) {

  /** No pods. */
  public static final ExceptedPods NONE = new ExceptedPods(List.of(), List.of());

  /** KubeVirt writes the pods in which virtual machines run, and knows what they can bear. */
  public static final String VIRTUAL_MACHINE = "VirtualMachineInstance";

  private static final Pattern KIND = Pattern.compile("[A-Z][A-Za-z0-9]*");
  private static final Pattern PRIORITY_CLASS = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");

  /** By a kind in lower case, however it is spelt: the kind that controls its pods. */
  private static final Map<String, String> CONTROLLERS =
      Map.of(
          "deployment", "ReplicaSet",
          "replicaset", "ReplicaSet",
          "replicationcontroller", "ReplicationController",
          "statefulset", "StatefulSet",
          "daemonset", "DaemonSet",
          "cronjob", "Job",
          "job", "Job",
          "virtualmachine", VIRTUAL_MACHINE,
          "virtualmachineinstance", VIRTUAL_MACHINE);

  public ExceptedPods {
    ownerKinds = List.copyOf(ownerKinds);
    priorityClasses = List.copyOf(priorityClasses);
    ownerKinds.forEach(ExceptedPods::requireController);
    for (var name : priorityClasses) {
      if (!PRIORITY_CLASS.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "priorityClasses: \""
                + name
                + "\" is not the name of a priority class, and patterns are not read: write"
                + " system-node-critical for example");
      }
    }
  }

  private static void requireController(String kind) {
    var controller = CONTROLLERS.getOrDefault(kind.toLowerCase(Locale.ROOT), kind);
    if (!controller.equals(kind)) {
      throw new IllegalArgumentException(
          "ownerKinds: no pod has a controller of kind \"" + kind + "\": write " + controller);
    }
    if (!KIND.matcher(kind).matches()) {
      throw new IllegalArgumentException(
          "ownerKinds: \""
              + kind
              + "\" is not a kind as the Kubernetes API spells it: write VirtualMachineInstance for"
              + " example");
    }
  }

  /** What the pod is one of the pods of: {@code a Workflow}; empty where it is none of them. */
  public String reason(Pod pod) {
    var owner = PodTraits.controllerKind(pod).orElse("");
    var priorityClass = Objects.requireNonNullElse(pod.getSpec().getPriorityClassName(), "");
    return ownerKinds.contains(owner)
        ? "a " + owner
        : priorityClasses.contains(priorityClass) ? "class " + priorityClass : "";
  }

  /** Whether the pod is one of them. */
  public boolean include(Pod pod) {
    return include(
        PodTraits.controllerKind(pod).orElse(""),
        Objects.requireNonNullElse(pod.getSpec().getPriorityClassName(), ""));
  }

  /**
   * Whether a pod of such a controller and class is one of them.
   *
   * @param ownerKind empty where no controller owns it
   * @param priorityClass empty where it has none
   */
  public boolean include(String ownerKind, String priorityClass) {
    return ownerKinds.contains(ownerKind) || priorityClasses.contains(priorityClass);
  }
}
