package dev.gambeson.rules;

import static dev.gambeson.rule.PodSecurityLevel.PRIVILEGED;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.Glob;
import dev.gambeson.pod.HostPathMount;
import dev.gambeson.pod.InjectedVolume;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodSelector;
import dev.gambeson.pod.PodTraits;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Selecting;
import dev.gambeson.rule.Tell;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

@Doc(
    """
    Shows a container its own limits in `/proc` and `/sys`, instead of the node's, with lxcfs.

    **Fields:** `volumeMounts` of regular containers and native sidecars, `spec.volumes`.

    **The fix** mounts, read-only and each from a `hostPath` volume of `type: File`, lxcfs' version
    of `/proc/cpuinfo`, `/proc/diskstats`, `/proc/loadavg`, `/proc/meminfo`, `/proc/stat`,
    `/proc/swaps`, `/proc/uptime` and `/sys/devices/system/cpu/online`, and of `extraFiles`. Only
    pods that `pods` selects get them, in `namespaces`; `pods: {}` selects all.

    **Left alone:** a path at, above or below which the container has a mount; containers whose
    image matches `exceptImages` (Alpine's busybox asks the kernel by sysinfo(2), where lxcfs cannot
    answer); pods with the annotation `lxcfs-admission-webhook.aliyun.com/mutate: "false"` (or `n`,
    `no`, `off`); pods with `hostUsers: false`, for which a FUSE file system cannot be mounted; pods
    of Windows nodes. Where the namespace's own label enforces Pod Security "baseline" or
    "restricted", which refuse `hostPath`, nothing is mounted, and a warning says so.
    `HostPathVolumes` of the same profile accepts what this rule mounts.

    **Mind:** a node without lxcfs does not start the pod; `lxcfs.enabled` of the Helm chart brings
    it to every node. After lxcfs restarts, the files of running containers answer "transport
    endpoint is not connected" until the pod is created anew.
    """)
record LxcfsMounts(
    @Doc("the folder of lxcfs on the nodes") String root,
    @Doc("the pods that get the mounts, by their labels; `{}` for all") PodSelector pods,
    @Doc("the namespaces of these pods: patterns; none for all") List<String> namespaces,
    @Doc(
            "more files that lxcfs serves: `/proc/slabinfo`, or `/proc/pressure/cpu` for example, as far as"
                + " the container runtime lets a pod mount over them")
        List<String> extraFiles,
    @Doc("images that get no mounts: patterns in which `*` stands for any characters")
        List<String> exceptImages)
    implements Rule.Injects, Selecting {
  private static final List<String> FILES =
      List.of(
          "/proc/cpuinfo",
          "/proc/diskstats",
          "/proc/loadavg",
          "/proc/meminfo",
          "/proc/stat",
          "/proc/swaps",
          "/proc/uptime",
          "/sys/devices/system/cpu/online");

  private static final Pattern FILE = Pattern.compile("/(proc|sys)(/[A-Za-z0-9_-]+)+");
  private static final int LONGEST_VOLUME_NAME = 63;
  private static final String OPT_OUT = "lxcfs-admission-webhook.aliyun.com/mutate";
  private static final Set<String> NO = Set.of("n", "no", "false", "off");

  LxcfsMounts {
    namespaces = List.copyOf(namespaces);
    extraFiles = List.copyOf(extraFiles);
    exceptImages = List.copyOf(exceptImages);
    if (!root.startsWith("/") || List.of(root.split("/")).contains("..")) {
      throw new IllegalArgumentException("root \"" + root + "\" is not an absolute path");
    }
    for (var file : extraFiles) {
      if (!FILE.matcher(file).matches() || volumeName(file).length() > LONGEST_VOLUME_NAME) {
        throw new IllegalArgumentException(
            "extraFiles: \"" + file + "\" is not a file in /proc or /sys");
      }
    }
  }

  LxcfsMounts() {
    this(
        "/var/lib/lxcfs",
        new PodSelector(Map.of("gambeson.dev/lxcfs", "true"), List.of()),
        List.of(),
        List.of(),
        List.of("*alpine*"));
  }

  @Override
  public Set<ContainerRef.Kind> containerKinds() {
    return ContainerRef.FIXABLE;
  }

  @Override
  public Risk risk() {
    return Risk.MAY_STOP_THE_IMAGE;
  }

  @Override
  public Optional<Tell> tell() {
    return Optional.of(
        new Tell(
            "kubectl get daemonsets -A -l app.kubernetes.io/component=lxcfs",
            "shows whether lxcfs runs on every node, without which the pod cannot start"));
  }

  @Override
  public void fix(PodPatch patch, Scope scope) {
    var pod = patch.pod();
    if (!isWanted(pod, scope)) {
      return;
    }
    if (scope.namespaceLevel() != PRIVILEGED) {
      patch.warn(
          "no lxcfs files: the Pod Security level of the namespace refuses hostPath volumes");
      return;
    }
    var containers =
        fixable(pod, scope).stream()
            .filter(container -> container.runsAlongside() && !isExcepted(container))
            .toList();
    volumes().forEach((file, volume) -> volume.mount(patch, containers, file, null));
  }

  @Override
  public Map<FieldPath, Rule> injections() {
    return Map.of(
        FieldPath.ROOT,
        new LxcfsMounts(root(), PodSelector.ALL, List.of(), extraFiles(), exceptImages()));
  }

  @Override
  public List<HostPathMount> hostPaths() {
    return volumes().entrySet().stream()
        .map(entry -> entry.getValue().asHostPathMount(entry.getKey()))
        .toList();
  }

  /** The volume of each file. */
  private Map<String, InjectedVolume> volumes() {
    var volumes = new LinkedHashMap<String, InjectedVolume>();
    Stream.concat(FILES.stream(), extraFiles().stream())
        .forEach(file ->
            volumes.put(file, InjectedVolume.hostPath(volumeName(file), root() + file, "File")));
    return volumes;
  }

  private boolean isWanted(Pod pod, Scope scope) {
    return selects(pod, scope)
        && !PodTraits.isWindows(pod)
        && !PodTraits.usesUserNamespace(pod)
        && !NO.contains(PodTraits.annotation(pod, OPT_OUT).orElse("").toLowerCase(Locale.ROOT));
  }

  private boolean isExcepted(ContainerRef container) {
    return Glob.anyMatches(exceptImages(), container.image());
  }

  private static String volumeName(String file) {
    return "lxcfs" + file.replace('/', '-').replace('_', '-').toLowerCase(Locale.ROOT);
  }
}
