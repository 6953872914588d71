package dev.gambeson.explain;

import static dev.gambeson.explain.Certainty.CERTAIN;
import static dev.gambeson.explain.Certainty.LIKELY;
import static dev.gambeson.explain.Certainty.POSSIBLE;
import static dev.gambeson.explain.Idea.exempt;
import static dev.gambeson.explain.Idea.inContainer;
import static dev.gambeson.explain.Idea.write;
import static dev.gambeson.explain.Symptom.ofKubelet;

import dev.gambeson.pod.FieldPath;
import java.util.List;

/** What the kubelet and the container runtime say of pods that fail. */
final class KubeletSymptoms {
  private static final Suspect NON_ROOT =
      Suspect.of(
              "RunAsNonRoot",
              CERTAIN,
              "the fix wrote runAsNonRoot: true, under which the kubelet starts no such image",
              inContainer(
                  "Name a user, by its number, that can run the image",
                  Ideas.fillIn("the ID of a user, not 0, that can read and write its files"),
                  "securityContext",
                  "runAsUser"),
              write("Let it run as root", false))
          .in("runAsNonRoot");

  static final List<Symptom> ALL =
      List.of(
          ofKubelet(
              "container \"{container}\" is not started, because its image would run as root",
              "container has runAsNonRoot and image will run as root",
              "its author asks for runAsNonRoot, and the user of the image is root",
              NON_ROOT),
          ofKubelet(
              "container \"{container}\" is not started, because the user of its image, {user}, is"
                  + " a name, which may stand for root",
              "container has runAsNonRoot and image has non-numeric user \\((?<user>[^)]{1,100})\\)",
              "its author asks for runAsNonRoot, and the user of the image is a name",
              NON_ROOT),
          ofKubelet(
              "container \"{container}\" is not started, because it names the user 0",
              "container's runAsUser breaks non-root policy",
              "its author asks for runAsNonRoot and for the user 0",
              NON_ROOT),
          ofKubelet(
                  "container \"{container}\" was killed for lack of memory",
                  "^OOMKilled",
                  "",
                  Suspect.of(
                          "Resources",
                          LIKELY,
                          "the fix filled in the container's memory limit; a node without memory"
                              + " kills in the same way, but seldom",
                          Ideas.twice("Give it a memory limit of its own"))
                      .in("resources", "limits", "memory"))
              .otherwise(KubeletSymptoms::memoryLimit),
          ofKubelet(
              "the pod was evicted, because its volume \"{volume}\" holds more than {limit}",
              "Usage of EmptyDir volume \"(?<volume>[^\"]{1,63})\" exceeds the limit"
                  + " \"(?<limit>[^\"]{1,40})\"",
              "no fix wrote the volume's sizeLimit: it is the author's",
              Suspect.of(
                      "EmptyDirSizeLimit",
                      CERTAIN,
                      "the fix filled in the volume's sizeLimit",
                      Ideas.largerVolume("Mount a larger directory in its place"))
                  .provided(KubeletSymptoms::isVolume)),
          ofKubelet(
              "the pod was evicted, because container \"{container}\" took more than {limit} of the"
                  + " node's disk",
              "Container (?<container>[a-z0-9-]{1,63}) exceeded its local ephemeral storage limit"
                  + " \"(?<limit>[^\"]{1,40})\"",
              "no fix wrote the container's limit of ephemeral-storage",
              Suspect.of(
                      "Resources",
                      CERTAIN,
                      "the fix filled in the container's limit of ephemeral-storage",
                      Ideas.twice("Give it a limit of its own"))
                  .in("resources", "limits", "ephemeral-storage")),
          ofKubelet(
              "the pod was evicted, because it took more than {limit} of the node's disk",
              "ephemeral local storage usage exceeds the total limit of containers"
                  + " (?<limit>[0-9A-Za-z.]{1,40}[0-9A-Za-z])",
              "no fix wrote a limit of ephemeral-storage",
              Suspect.of(
                      "Resources",
                      LIKELY,
                      "the fix filled in a limit of ephemeral-storage, which counts for the pod",
                      Ideas.twice("Give the container a limit of its own"))
                  .in("resources", "limits", "ephemeral-storage")),
          ofKubelet(
              "the pod was evicted, because its node ran out of {resource}",
              "The node was low on resource: (?<resource>[a-z.-]{1,40}[a-z])",
              "the node is full; no limit of the pod is concerned"),
          ofKubelet(
              "the node refused the kernel parameter {sysctl}",
              "forbidden sysctl: \"(?<sysctl>[a-z0-9._/-]{1,200})\"",
              "the author wrote the parameter, and the kubelet's --allowed-unsafe-sysctls does not"
                  + " name it",
              Suspect.of(
                  "Sysctls",
                  CERTAIN,
                  "the fix wrote the parameter, and the kubelet's --allowed-unsafe-sysctls does not"
                      + " name it",
                  exempt("Leave out the parameter"))),
          ofKubelet(
              "the image of container \"{container}\" cannot be pulled",
              "^(?:ErrImagePull|ImagePullBackOff|InvalidImageName|RegistryUnavailable)\\b"
                  + "|^Failed: Failed to pull image",
              "no fix changed the image or how it is pulled",
              Suspect.of(
                      "ImageRegistry",
                      LIKELY,
                      "the fix takes the image from another registry, which may lack it or ask for"
                          + " credentials",
                      exempt("Take the image from where its author says"))
                  .in("image"),
              Suspect.of(
                      "ImagePullPolicy",
                      POSSIBLE,
                      "the fix asks the registry at each start; the image may be on the node",
                      exempt("Take the image that is on the node"))
                  .in("imagePullPolicy")),
          ofKubelet(
              "the volume \"{volume}\" cannot be mounted",
              "MountVolume\\.\\w{1,20} failed for volume \"(?<volume>[^\"]{1,63})\"",
              "no fix added the volume",
              volumeOf("LxcfsMounts", "the fix mounts files of lxcfs, which the node does not run"),
              volumeOf("Timezone", "the fix mounts zone files, which the node does not have"),
              volumeOf("PodPresets", "a preset of the configuration adds the volume"),
              volumeOf("Sidecars", "a sidecar of the configuration adds the volume")),
          ofKubelet(
              "the {kind} \"{object}\" does not exist in the namespace",
              "(?<kind>configmap|secret) \"(?<object>[^\"]{1,253})\" not found",
              "no fix refers to it",
              Suspect.of(
                      "PodPresets",
                      CERTAIN,
                      "a preset of the configuration refers to it",
                      exempt("Leave out the preset"))
                  .provided((hit, field) ->
                      field.value().findValuesAsText("name").contains(hit.word("object")))),
          ofKubelet(
              "the node cannot give the pod users of its own",
              "(?i)user ?namespaces?|\\buserns\\b|\\bid-?map",
              "the author asks for hostUsers: false",
              Suspect.of(
                  "HostUsers",
                  LIKELY,
                  "the fix wrote hostUsers: false; the node's kernel, its container runtime or a"
                      + " volume does not support it",
                  write("Let the pod share the users of its node", true))),
          ofKubelet(
              "the preStop hook of container \"{container}\" failed",
              "^FailedPreStopHook",
              "the hook is the author's",
              Suspect.of(
                      "PreStopDelay",
                      LIKELY,
                      "the fix added the hook",
                      exempt("Leave out the delay"))
                  .in("lifecycle", "preStop")),
          ofKubelet(
                  "the container runtime cannot mount into container \"{container}\"",
                  "(?i)read-only file system",
                  "no fix made a file system read-only",
                  Suspect.of(
                          "ReadOnlyRootFilesystem",
                          POSSIBLE,
                          "the fix made the root file system read-only",
                          write("Let it write to its root file system", false))
                      .in("readOnlyRootFilesystem"))
              .about("(?i)mount|mkdir"),
          ofKubelet(
              "the container runtime cannot apply a seccomp profile",
              "(?i)seccomp",
              "the profile is the author's",
              Suspect.of(
                  "SeccompProfile",
                  LIKELY,
                  "the fix chose the profile",
                  exempt("Leave out the profile"))));

  /** What is said of a container for which there is no better word. */
  static final Symptom FAILING =
      ofKubelet(
          "container \"{container}\" does not run: {reason}",
          "^(?<reason>CreateContainerConfigError|CreateContainerError|RunContainerError|StartError"
              + "|ContainerCannotRun|CrashLoopBackOff)",
          "nothing that a fix wrote explains it",
          Suspect.of(
                  "Sidecars",
                  LIKELY,
                  "the configuration adds the container",
                  exempt("Leave out the sidecar"))
              .provided(
                  (hit, field) -> hit.containerPath().filter(field.path()::equals).isPresent()));

  private KubeletSymptoms() {}

  /** Whether the field is the volume of the hit, or in it. */
  private static boolean isVolume(Hit hit, FilledField field) {
    var segments = field.path().segments();
    return segments.size() > 2
        && segments.get(1).equals("volumes")
        && hit.at(field.path().first(3)).path("name").asText().equals(hit.word("volume"));
  }

  private static Suspect volumeOf(String rule, String why) {
    return Suspect.of(rule, CERTAIN, why, exempt("Leave out the volume"))
        .provided(KubeletSymptoms::isVolume);
  }

  private static String memoryLimit(Hit hit) {
    var limit = hit.ofContainer("resources", "limits", "memory").asText();
    if (limit.isEmpty()) {
      return "it has no memory limit of its own: the pod as a whole, or the node, has no more";
    }
    var ranged =
        hit.at(FieldPath.of("metadata", "annotations", "kubernetes.io/limit-ranger")).asText();
    return ranged.contains("memory limit for container " + hit.container())
        ? "its memory limit of %s comes from a LimitRange of the namespace".formatted(limit)
        : "no fix wrote its memory limit of %s: it is the author's".formatted(limit);
  }
}
