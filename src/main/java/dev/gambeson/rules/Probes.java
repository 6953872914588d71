package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.PodTraits;
import dev.gambeson.rule.ContainerChoice;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Probe;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

@Doc(
    """
    Asks for probes, so that no request goes to a container that cannot answer it.

    **Fields:** `readinessProbe`, `livenessProbe` and `startupProbe` of regular containers, and of
    native sidecars with `nativeSidecars`.

    **The check** asks for each probe in `require`, in the containers of `containers`. It passes the
    pods of Jobs and pods whose `restartPolicy` is not `Always`: they do work and end. There is no
    fix: only the author knows what tells that a program is well, and a made-up probe lies.

    **Which to require:** a readiness probe holds requests back while a container cannot serve, and
    stops a rollout of something broken. A liveness probe restarts the container: one that fails
    under load, or because a database is away, takes all replicas down at once. Require it only
    where authors know what theirs should ask; a program that ends when it is beyond help needs
    none. A startup probe is for programs that take long to start.

    **Standard:** none; the check is the rule's own.
    """)
record Probes(
    @Doc("the probes that a container must have: `readiness`, `liveness`, `startup`")
        List<Kind> require,
    @Doc("whether native sidecars (init containers with `restartPolicy: Always`) need them too")
        boolean nativeSidecars,
    @Doc("`serving`: the containers that have `ports`; or `all`") ContainerChoice containers)
    implements Rule.Check {
  Probes {
    require = List.copyOf(require);
    if (require.isEmpty()) {
      throw new IllegalArgumentException(
          "require: name a probe, or switch the check off: check: off");
    }
  }

  Probes() {
    this(List.of(Kind.READINESS), false, ContainerChoice.ALL);
  }

  /** What a probe decides about. */
  enum Kind {
    READINESS("a probe that tells when the container can serve"),
    LIVENESS("a probe that tells when only a restart can help"),
    STARTUP("a probe that tells when the container has started");

    private final String wanted;

    Kind(String wanted) {
      this.wanted = wanted;
    }

    private @Nullable Probe of(Container container) {
      return switch (this) {
        case READINESS -> container.getReadinessProbe();
        case LIVENESS -> container.getLivenessProbe();
        case STARTUP -> container.getStartupProbe();
      };
    }

    private String field() {
      return name().toLowerCase(Locale.ROOT) + "Probe";
    }
  }

  @Override
  public Set<ContainerRef.Kind> containerKinds() {
    return ContainerRef.FIXABLE;
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    if (!PodTraits.runsOn(pod)) {
      return;
    }
    for (var container : containersOf(pod)) {
      if (containers().includes(container)
          && (container.kind() == ContainerRef.Kind.REGULAR
              || (nativeSidecars() && container.runsAlongside()))) {
        for (var kind : require()) {
          if (kind.of(container.container()) == null) {
            violations
                .at(container, container.path(kind.field()))
                .wanted(kind.wanted)
                .withoutRemedy();
          }
        }
      }
    }
  }
}
