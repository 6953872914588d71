package dev.gambeson.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A container and its place in the pod.
 *
 * @param index its position in the list of its kind
 * @param container the model of it; for an ephemeral container a read-only view with the fields
 *     that rules read
 */
public record ContainerRef(Kind kind, int index, Container container) {
  private static final FieldPath SPEC = FieldPath.of("spec");

  /** Longer than any image reference: a name of 255 characters, a tag, a digest. */
  private static final int LONGEST_IMAGE = 1_024;

  /** The three lists of containers that a pod has. */
  public enum Kind {
    INIT("initContainers"),
    REGULAR("containers"),
    EPHEMERAL("ephemeralContainers");

    private final String field;

    Kind(String field) {
      this.field = field;
    }

    /** The name of the list in {@code spec}. */
    public String field() {
      return field;
    }
  }

  /** Every list. */
  public static final Set<Kind> ALL = Set.of(Kind.values());

  /** The containers that a fix may reach: an ephemeral container is never changed. */
  public static final Set<Kind> FIXABLE = Set.of(Kind.INIT, Kind.REGULAR);

  /**
   * Every container of the pod: init containers (native sidecars among them), regular ones,
   * ephemeral ones.
   */
  public static List<ContainerRef> all(Pod pod) {
    return of(pod, ALL);
  }

  /**
   * The containers that a fix may reach: init containers (native sidecars among them) and regular
   * ones.
   */
  public static List<ContainerRef> fixable(Pod pod) {
    return of(pod, FIXABLE);
  }

  /**
   * The pod's containers of the given kinds, init containers first, then regular ones, then
   * ephemeral ones.
   */
  public static List<ContainerRef> of(Pod pod, Set<Kind> kinds) {
    var refs = new ArrayList<ContainerRef>();
    var spec = pod.getSpec();
    if (kinds.contains(Kind.INIT)) {
      collect(Kind.INIT, spec.getInitContainers(), refs);
    }
    if (kinds.contains(Kind.REGULAR)) {
      collect(Kind.REGULAR, spec.getContainers(), refs);
    }
    if (kinds.contains(Kind.EPHEMERAL) && !spec.getEphemeralContainers().isEmpty()) {
      collect(
          Kind.EPHEMERAL,
          spec.getEphemeralContainers().stream().map(ContainerRef::view).toList(),
          refs);
    }
    return refs;
  }

  public String name() {
    return container.getName() == null ? "" : container.getName();
  }

  /** The image reference as written; empty where there is none. */
  public String image() {
    return container.getImage() == null ? "" : container.getImage();
  }

  /** Whether the image reference fits one of the globs, as it is written or with its registry. */
  public boolean hasImageLike(List<String> globs) {
    if (image().length() > LONGEST_IMAGE) {
      return false;
    }
    var whole = ImageReference.parse(image()).map(ImageReference::toString).orElse(image());
    return Glob.anyMatches(globs, image()) || Glob.anyMatches(globs, whole);
  }

  /** Whether the container runs as long as the pod: a regular one, or a native sidecar. */
  public boolean runsAlongside() {
    return kind == Kind.REGULAR
        || (kind == Kind.INIT && "Always".equals(container.getRestartPolicy()));
  }

  /** A field of the container's security context; null where the container does not set it. */
  public <V> @Nullable V securityContext(Function<SecurityContext, @Nullable V> field) {
    var context = container.getSecurityContext();
    return context == null ? null : field.apply(context);
  }

  /** Whether the container is {@code privileged}. */
  public boolean isPrivileged() {
    return Boolean.TRUE.equals(securityContext(SecurityContext::getPrivileged));
  }

  /** The path of this container in a pod, {@code spec.containers[0]}. */
  public FieldPath path() {
    return SPEC.field(kind.field()).index(index);
  }

  /** The path of a field below this container. */
  public FieldPath path(String... fields) {
    var path = path();
    for (String field : fields) {
      path = path.field(field);
    }
    return path;
  }

  private static void collect(Kind kind, List<Container> containers, List<ContainerRef> refs) {
    for (int i = 0; i < containers.size(); i++) {
      refs.add(new ContainerRef(kind, i, containers.get(i)));
    }
  }

  private static Container view(EphemeralContainer ephemeral) {
    // By its setters: a builder copies each list, for each rule anew.
    var view = new Container();
    view.setName(ephemeral.getName());
    view.setImage(ephemeral.getImage());
    view.setImagePullPolicy(ephemeral.getImagePullPolicy());
    view.setCommand(ephemeral.getCommand());
    view.setArgs(ephemeral.getArgs());
    view.setEnv(ephemeral.getEnv());
    view.setEnvFrom(ephemeral.getEnvFrom());
    view.setPorts(ephemeral.getPorts());
    view.setResources(ephemeral.getResources());
    view.setSecurityContext(ephemeral.getSecurityContext());
    view.setVolumeMounts(ephemeral.getVolumeMounts());
    view.setLifecycle(ephemeral.getLifecycle());
    view.setLivenessProbe(ephemeral.getLivenessProbe());
    view.setReadinessProbe(ephemeral.getReadinessProbe());
    view.setStartupProbe(ephemeral.getStartupProbe());
    return view;
  }
}
