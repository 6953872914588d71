package dev.gambeson.pod;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Questions about a pod as a whole. */
public final class PodTraits {
  private static final String WINDOWS = "windows";
  private static final String MIRROR_ANNOTATION = "kubernetes.io/config.mirror";

  private static final Pattern LABEL_OF_ONE_REPLICA =
      Pattern.compile(
          "pod-template-hash|controller-revision-hash|pod-template-generation|controller-uid|job-name"
              + "|batch\\.kubernetes\\.io/.*|statefulset\\.kubernetes\\.io/pod-name"
              + "|apps\\.kubernetes\\.io/pod-index");

  private PodTraits() {}

  /**
   * Whether the pod is for Windows nodes: {@code spec.os.name} says so, or the nodes that it
   * requires. What fixes ask; checks follow {@link #declaresWindows}.
   */
  public static boolean isWindows(Pod pod) {
    return declaresWindows(pod) || RequiredNodes.runWindows(pod);
  }

  /** Whether {@code spec.os.name} is {@code windows}: what Pod Security looks at. */
  public static boolean declaresWindows(Pod pod) {
    var os = pod.getSpec().getOs();
    return os != null && WINDOWS.equals(os.getName());
  }

  /** Whether the pod lives in its node's network namespace. */
  public static boolean usesHostNetwork(Pod pod) {
    return Boolean.TRUE.equals(pod.getSpec().getHostNetwork());
  }

  /** Whether the pod has a user namespace of its own ({@code hostUsers: false}). */
  public static boolean usesUserNamespace(Pod pod) {
    return Boolean.FALSE.equals(pod.getSpec().getHostUsers());
  }

  /**
   * Whether the pod has been given to a node: the binding writes this condition, and where a pod
   * came with its {@code nodeName} the kubelet does. The API server takes no status from who
   * creates a pod.
   */
  public static boolean isScheduled(Pod pod) {
    var status = pod.getStatus();
    return status != null
        && status.getConditions().stream()
            .anyMatch(condition ->
                "PodScheduled".equals(condition.getType()) && "True".equals(condition.getStatus()));
  }

  /** A field of the pod's security context; null where the pod does not set it. */
  public static <V> @Nullable V securityContext(
      Pod pod, Function<PodSecurityContext, @Nullable V> field) {
    var context = pod.getSpec().getSecurityContext();
    return context == null ? null : field.apply(context);
  }

  /** The controller that owns the pod, empty for a bare pod. */
  public static Optional<OwnerReference> controller(Pod pod) {
    for (var owner : pod.getMetadata().getOwnerReferences()) {
      if (Boolean.TRUE.equals(owner.getController())) {
        return Optional.of(owner);
      }
    }
    return Optional.empty();
  }

  /** The kind of the controller that owns the pod, empty for a bare pod. */
  public static Optional<String> controllerKind(Pod pod) {
    return controller(pod).map(OwnerReference::getKind);
  }

  /** Whether a DaemonSet owns the pod, and so has chosen its node. */
  public static boolean isOfDaemonSet(Pod pod) {
    return controllerKind(pod).filter("DaemonSet"::equals).isPresent();
  }

  /**
   * Whether the pod is to run until someone deletes it, and so may serve: no Job's, and restarted
   * whenever it ends.
   */
  public static boolean runsOn(Pod pod) {
    var restartPolicy = pod.getSpec().getRestartPolicy();
    return (restartPolicy == null || restartPolicy.equals("Always"))
        && controllerKind(pod).filter("Job"::equals).isEmpty();
  }

  /** The pod's annotation of that name, empty where it has none. */
  public static Optional<String> annotation(Pod pod, String name) {
    return Optional.ofNullable(annotations(pod).get(name));
  }

  /** The pod's annotations; never null. */
  public static Map<String, String> annotations(Pod pod) {
    var annotations = pod.getMetadata().getAnnotations();
    return annotations == null ? Map.of() : annotations;
  }

  /** The pod's labels; never null. */
  public static Map<String, String> labels(Pod pod) {
    var labels = pod.getMetadata().getLabels();
    return labels == null ? Map.of() : labels;
  }

  /**
   * Whether controllers write the label, to tell the replicas of one application, or its revisions,
   * from each other.
   */
  public static boolean isLabelOfOneReplica(String key) {
    return LABEL_OF_ONE_REPLICA.matcher(key).matches();
  }

  /**
   * Whether this is the mirror of a static pod: the kubelet's annotation counts only where the very
   * kubelet of the pod's node sends it, for anyone may write an annotation.
   */
  public static boolean isMirror(Pod pod, String user, Collection<String> groups) {
    var node = pod.getSpec().getNodeName();
    return annotation(pod, MIRROR_ANNOTATION).isPresent()
        && node != null
        && user.equals("system:node:" + node)
        && groups.contains("system:nodes");
  }
}
