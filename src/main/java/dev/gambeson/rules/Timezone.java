package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.HostPathMount;
import dev.gambeson.pod.ImageReference;
import dev.gambeson.pod.InjectedVolume;
import dev.gambeson.pod.MountPaths;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodTraits;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

@Doc(
    """
    Gives every container the same time zone.

    **Fields:** `env` (`TZ`), with some strategies also `volumeMounts` and `spec.volumes`, of init containers, native sidecars and
    regular containers.

    **The fix** adds `TZ` to containers that have none. A container with another `TZ`, or with a mount at `/etc/localtime`, has chosen its
    zone and is left alone; so are pods of Windows nodes, where C programs read `TZ` in another form. What `strategy` adds beyond that:

    | strategy | adds | for |
    | --- | --- | --- |
    | `env` | nothing | images with zone files: most of those that are built on Debian, Ubuntu or Red Hat |
    | `hostPath` | the node's zone file at `/etc/localtime` and its `/usr/share/zoneinfo`, read-only | images without zone files, where the nodes have them |
    | `image` | `/usr/share/zoneinfo`, read-only, from an OCI image (Kubernetes 1.35, or 1.33 with the feature gate `ImageVolume`) | images without zone files, also under Pod Security "restricted" |

    **Mind:** in an image without zone files (distroless, busybox, Alpine without `tzdata`) `TZ` alone means UTC, without any error.
    `env` beats `envFrom`: a `TZ` that comes from a ConfigMap, or from the image itself, is hidden by the one that is added. Nothing is
    mounted where the container already has a mount at, above or below the path. With `hostPath`, a node that lacks the files does not
    start the pod; where the namespace's own label enforces Pod Security "baseline" or "restricted", which refuse such volumes, it adds
    `TZ` only and warns. `HostPathVolumes` of the same profile accepts what it mounts. `image` leaves `/etc/localtime` as it is, because container runtimes mount only folders of an image: what reads
    that file and not `TZ` does not see the zone.

    **CronJobs:** with `cronJobs`, a CronJob without `spec.timeZone` is given the zone as well, when it is created or changed: without it, Kubernetes reads the schedule
    in the zone of its controller manager, mostly UTC. A schedule with `TZ=` or `CRON_TZ=` in it has chosen. This moves the hour at which an existing CronJob runs as soon as
    it is changed, and GitOps tools may show the field as drift: hence off by default. What keeps the fix from its pods, an exemption or `gambeson.dev/skip-fixes`, keeps it from the CronJob too.
    The mutating webhook has to be registered for `cronjobs`.
    """)
final class Timezone implements Rule.CronJobFix<Timezone.Options> {
  private static final String LOCALTIME = "/etc/localtime";
  private static final String ZONEINFO = "/usr/share/zoneinfo";

  /** Where the zone files of a container come from. */
  enum Strategy {
    ENV,
    HOST_PATH,
    IMAGE
  }

  /** The options of the rule. */
  record Options(
      @Doc("the zone, by its name in the IANA database: `Asia/Shanghai` for example; no offsets")
          ZoneId zone,
      @Doc("where zone files come from: `env` (the container's image), `hostPath` or `image`")
          Strategy strategy,
      @Doc(
              "strategy `image`: the reference of the OCI image with the zone files; this strategy needs it")
          String image,
      @Doc("strategy `image`: the folder of the zone files in the image; empty for its root")
          String imagePath,
      @Doc("whether CronJobs that name no `spec.timeZone` are given the zone as well")
          boolean cronJobs) {
    Options {
      if (!ZoneId.getAvailableZoneIds().contains(zone.getId())) {
        throw new IllegalArgumentException(
            "zone \""
                + zone.getId()
                + "\" is not in the IANA database: write Asia/Shanghai, for"
                + " example");
      }
      if (strategy == Strategy.IMAGE && image.isBlank()) {
        throw new IllegalArgumentException("strategy image needs the option image");
      }
      if (!image.isBlank() && ImageReference.parse(image).isEmpty()) {
        throw new IllegalArgumentException(
            "image \"" + image + "\" is no reference of an image: write zones:2026a, for example");
      }
      if (imagePath.startsWith("/") || List.of(imagePath.split("/")).contains("..")) {
        throw new IllegalArgumentException(
            "imagePath \"" + imagePath + "\" must be relative, without \"..\"");
      }
    }
  }

  @Override
  public Options defaults() {
    return new Options(ZoneId.of("UTC"), Strategy.ENV, "", "usr/share/zoneinfo", false);
  }

  @Override
  public Set<ContainerRef.Kind> containers() {
    return ContainerRef.FIXABLE;
  }

  @Override
  public Risk risk() {
    return Risk.MAY_STOP_THE_IMAGE;
  }

  /** A node may lack the zone files, or be unable to pull the image that has them. */
  @Override
  public Risk riskOf(FieldPath changed) {
    return Stream.of("volumes", "volumeMounts").anyMatch(changed.segments()::contains)
        ? risk()
        : Risk.SAFE;
  }

  @Override
  public List<Risk> risks() {
    return List.of(Risk.SAFE, risk());
  }

  @Override
  public void fix(Options options, PodPatch patch, Scope scope) {
    if (PodTraits.isWindows(patch.pod())) {
      return;
    }
    boolean refused =
        options.strategy() == Strategy.HOST_PATH
            && scope.namespaceLevel() != PodSecurityLevel.PRIVILEGED;
    var mounts = refused ? List.<Mount>of() : mounts(options);
    boolean reached = false;
    for (var container : fixable(patch.pod(), scope)) {
      if (!MountPaths.isAt(container, LOCALTIME) && setZone(options, patch, container)) {
        reached = true;
        mounts.forEach(mount -> mount.add(patch, container));
      }
    }
    if (refused && reached) {
      patch.warn(
          "TZ only, no zone files: the Pod Security level of the namespace refuses hostPath volumes");
    }
  }

  /** API validation takes a zone in one of the two places only, by this very test. */
  @Override
  public Optional<String> timeZone(Options options, String schedule) {
    return options.cronJobs() && !schedule.contains("TZ")
        ? Optional.of(options.zone().getId())
        : Optional.empty();
  }

  @Override
  public List<HostPathMount> hostPaths(Options options) {
    return options.strategy() == Strategy.HOST_PATH
        ? mounts(options).stream()
            .map(mount -> mount.volume().asHostPathMount(mount.path()))
            .toList()
        : List.of();
  }

  /** Whether the container has the zone now, rather than one of its own. */
  private static boolean setZone(Options options, PodPatch patch, ContainerRef container) {
    var zone = options.zone().getId();
    for (var variable : container.container().getEnv()) {
      if ("TZ".equals(variable.getName())) {
        return zone.equals(variable.getValue());
      }
    }
    patch
        .container(container)
        .append("env", Container::getEnv, Container::setEnv, new EnvVar("TZ", zone, null));
    return true;
  }

  private record Mount(InjectedVolume volume, String path, @Nullable String subPath) {
    void add(PodPatch patch, ContainerRef container) {
      volume.mount(patch, container, path, subPath);
    }
  }

  private static List<Mount> mounts(Options options) {
    var zone = options.zone().getId();
    return switch (options.strategy()) {
      case ENV -> List.of();
      case HOST_PATH -> {
        var file = InjectedVolume.hostPath("gambeson-localtime", ZONEINFO + "/" + zone, "File");
        var folder = InjectedVolume.hostPath("gambeson-zoneinfo", ZONEINFO, "Directory");
        yield List.of(new Mount(file, LOCALTIME, null), new Mount(folder, ZONEINFO, null));
      }
      case IMAGE ->
          List.of(
              new Mount(
                  InjectedVolume.image("gambeson-zoneinfo", options.image()),
                  ZONEINFO,
                  options.imagePath().isEmpty() ? null : options.imagePath()));
    };
  }
}
