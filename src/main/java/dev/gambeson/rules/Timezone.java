package dev.gambeson.rules;

import static dev.gambeson.pod.Fields.ENV;
import static dev.gambeson.rule.PodSecurityLevel.PRIVILEGED;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.HostPathMount;
import dev.gambeson.pod.ImageReference;
import dev.gambeson.pod.InjectedVolume;
import dev.gambeson.pod.MountPaths;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodTraits;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

@Doc(
    """
    Gives every container the same time zone.

    **Fields:** `env` (`TZ`), with some strategies also `volumeMounts` and `spec.volumes`, of init
    containers, native sidecars and regular containers.

    **The fix** adds `TZ` to containers that have none. A container with another `TZ`, or with a
    mount at `/etc/localtime`, has chosen its zone and is left alone; so are pods of Windows nodes,
    where C programs read `TZ` in another form. While no `zone` is configured, containers with
    `envFrom` are left alone too: their `TZ` may come from there. What `strategy` adds beyond that:

    | strategy | adds | for |
    | --- | --- | --- |
    | `env` | nothing | images with zone files: most of those that are built on Debian, Ubuntu or Red Hat |
    | `hostPath` | the node's file of the zone, read-only, at `/etc/localtime` and below `/usr/share/zoneinfo` | images without zone files, where the nodes have them |
    | `image` | `/usr/share/zoneinfo`, read-only, from an OCI image (Kubernetes 1.35, or 1.33 with the feature gate `ImageVolume`) | images without zone files, also under Pod Security "restricted" |

    **Mind:** in an image without zone files (distroless, busybox, Alpine without `tzdata`) `TZ`
    alone means UTC, without any error. `env` beats `envFrom` and the image: a `TZ` that comes from
    a ConfigMap, or by an `ENV TZ` of the image, is hidden by the one that is added. Write such a
    zone into `env`; or keep the fix from the pods with `except`, with `gambeson.dev/skip-fixes:
    Timezone` where the profile lists the rule as `skippable`, or with an exemption that names the
    `images`. Nothing is mounted where the container already has a mount at, above or below the
    path. With `hostPath`, a node that lacks the files does not start the pod; where the namespace's
    own label enforces Pod Security "baseline" or "restricted", which refuse such volumes, it adds
    `TZ` only and warns. `HostPathVolumes` of the same profile accepts what it mounts. In an image
    whose `/etc/localtime` is a symbolic link to a zone file, as in Debian's, the container runtime
    mounts over the file that the link names: `/etc/localtime` shows the zone, and so does that one
    file, mostly `Etc/UTC`. What reads zones by that name needs the strategy `env`. `image` leaves
    `/etc/localtime` as it is, because container runtimes mount only folders of an image: what reads
    that file and not `TZ` does not see the zone.

    **CronJobs:** with `cronJobs`, a CronJob without `spec.timeZone` is given the zone as well, when
    it is created or changed: without it, Kubernetes reads the schedule in the zone of its
    controller manager, mostly UTC. A schedule with `TZ=` or `CRON_TZ=` in it has chosen. This moves
    the hour at which an existing CronJob runs as soon as it is changed, and GitOps tools may show
    the field as drift: hence off by default. What keeps the fix from its pods, an exemption or
    `gambeson.dev/skip-fixes`, keeps it from the CronJob too. The mutating webhook has to be
    registered for `cronjobs`.
    """)
record Timezone(
    @Doc(
            "the zone, by its name in the IANA database: `Asia/Shanghai` for example; no offsets. Absent:"
                + " `UTC`, and not in containers with `envFrom`")
        @Nullable ZoneId zone,
    @Doc("where zone files come from: `env` (the container's image), `hostPath` or `image`")
        Strategy strategy,
    @Doc(
            "strategy `image`: the reference of the OCI image with the zone files; this strategy needs it")
        String image,
    @Doc("strategy `image`: the folder of the zone files in the image; empty for its root")
        String imagePath,
    @Doc("whether CronJobs that name no `spec.timeZone` are given the zone as well")
        boolean cronJobs)
    implements Rule.Injects, Rule.FixesCronJob {
  private static final String LOCALTIME = "/etc/localtime";
  private static final String ZONEINFO = "/usr/share/zoneinfo";

  Timezone {
    if (zone != null && !ZoneId.getAvailableZoneIds().contains(zone.getId())) {
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
          "image \"" + image + "\" is not a valid image reference: write zones:2026a, for example");
    }
    if (imagePath.startsWith("/") || List.of(imagePath.split("/")).contains("..")) {
      throw new IllegalArgumentException(
          "imagePath \"" + imagePath + "\" must be relative, without \"..\"");
    }
  }

  private String zoneName() {
    return zone == null ? "UTC" : zone.getId();
  }

  Timezone() {
    this(null, Strategy.ENV, "", "usr/share/zoneinfo", false);
  }

  /** Where the zone files of a container come from. */
  enum Strategy {
    ENV,
    HOST_PATH,
    IMAGE
  }

  @Override
  public Set<ContainerRef.Kind> containerKinds() {
    return ContainerRef.FIXABLE;
  }

  @Override
  public Risk risk() {
    return Risk.MAY_STOP_THE_IMAGE;
  }

  /** A node may lack the zone files, or be unable to pull the image that has them. */
  @Override
  public Risk riskOf(FieldPath changed) {
    var segments = changed.segments();
    return segments.contains("volumes") || segments.contains("volumeMounts") ? risk() : Risk.SAFE;
  }

  @Override
  public List<Risk> risks() {
    return List.of(Risk.SAFE, risk());
  }

  @Override
  public void fix(PodPatch patch, Scope scope) {
    if (PodTraits.isWindows(patch.pod())) {
      return;
    }
    boolean refused = strategy() == Strategy.HOST_PATH && scope.namespaceLevel() != PRIVILEGED;
    var reached = new ArrayList<ContainerRef>();
    for (var container : fixable(patch.pod(), scope)) {
      if (!mayHaveZone(container) && setZone(patch, container)) {
        reached.add(container);
      }
    }
    if (!refused) {
      mounts().forEach(mount -> mount.add(patch, reached));
    } else if (!reached.isEmpty()) {
      patch.warn(
          "TZ only, no zone files: the Pod Security level of the namespace refuses hostPath volumes");
    }
  }

  /** API validation takes a zone in one of the two places only, by this very test. */
  @Override
  public Optional<String> timeZone(String schedule) {
    return cronJobs() && !schedule.contains("TZ") ? Optional.of(zoneName()) : Optional.empty();
  }

  @Override
  public List<HostPathMount> hostPaths() {
    return strategy() == Strategy.HOST_PATH
        ? mounts().stream().map(mount -> mount.volume().asHostPathMount(mount.path())).toList()
        : List.of();
  }

  private boolean mayHaveZone(ContainerRef container) {
    return MountPaths.isAt(container, LOCALTIME)
        || (zone() == null && !container.container().getEnvFrom().isEmpty());
  }

  /** Whether the container has the zone now, rather than one of its own. */
  private boolean setZone(PodPatch patch, ContainerRef container) {
    var zone = zoneName();
    for (var variable : container.container().getEnv()) {
      if ("TZ".equals(variable.getName())) {
        return zone.equals(variable.getValue());
      }
    }
    patch.container(container).append(ENV, new EnvVar("TZ", zone, null));
    return true;
  }

  private record Mount(InjectedVolume volume, String path, @Nullable String subPath) {
    void add(PodPatch patch, List<ContainerRef> containers) {
      volume.mount(patch, containers, path, subPath);
    }
  }

  private List<Mount> mounts() {
    var zone = zoneName();
    return switch (strategy()) {
      case ENV -> List.of();
      case HOST_PATH -> {
        // Not the whole folder: it would hide the file that a link at LOCALTIME names.
        var file = ZONEINFO + "/" + zone;
        yield List.of(
            new Mount(InjectedVolume.hostPath("gambeson-localtime", file, "File"), LOCALTIME, null),
            new Mount(InjectedVolume.hostPath("gambeson-zoneinfo", file, "File"), file, null));
      }
      case IMAGE ->
          List.of(
              new Mount(
                  InjectedVolume.image("gambeson-zoneinfo", image()),
                  ZONEINFO,
                  imagePath().isEmpty() ? null : imagePath()));
    };
  }
}
