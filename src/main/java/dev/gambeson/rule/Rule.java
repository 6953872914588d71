package dev.gambeson.rule;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.HostPathMount;
import dev.gambeson.pod.PodIndex;
import dev.gambeson.pod.PodPatch;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One thing that a pod should have or must not do. A rule is one file that does both halves: {@link
 * Fix} writes what the pod's author left out, {@link Check} reports what breaks the rule. Its name
 * is the name of its class, everywhere.
 *
 * <p>A rule is a record of its own options, and every component's name is a configuration key. Its
 * constructor without parameters makes what counts where the configuration says nothing. A rule has
 * no other state: what it does depends on its options, the pod and the {@link Scope} only.
 */
public interface Rule {

  /**
   * The name of the rule: in the configuration, in messages, in metrics and of its documentation
   * page.
   */
  default String name() {
    return getClass().getSimpleName();
  }

  /**
   * The lists of containers that the rule looks into; none where it looks at the pod as a whole
   * only. Its fix changes those of {@link ContainerRef#FIXABLE} among them.
   */
  default Set<ContainerRef.Kind> containerKinds() {
    return ContainerRef.ALL;
  }

  /** The containers of the pod that the rule looks into. */
  default List<ContainerRef> containersOf(Pod pod) {
    return ContainerRef.of(pod, containerKinds());
  }

  /** A rule that can fill in what is missing. */
  interface Fix extends Rule {
    /**
     * Adds to the patch what the pod lacks; never overwrites what its author wrote, and adds
     * nothing that API validation would refuse.
     */
    void fix(PodPatch patch, Scope scope);

    /** The containers of the pod that the fix may change: those that are not exempted. */
    default List<ContainerRef> fixable(Pod pod, Scope scope) {
      var fixable = new ArrayList<ContainerRef>();
      for (var container : containersOf(pod)) {
        if (ContainerRef.FIXABLE.contains(container.kind())
            && !scope.exemptions().exemptsFix(this, pod, container)) {
          fixable.add(container);
        }
      }
      return fixable;
    }

    /** The pods that the fix leaves alone where the configuration says nothing. */
    default ExceptedPods except() {
      return new ExceptedPods(List.of(ExceptedPods.VIRTUAL_MACHINE), List.of());
    }

    /** The worst that the fix may do to a pod that ran without it. */
    Risk risk();

    /**
     * What one change of the fix may do.
     *
     * @param changed the field that it added, changed or removed
     */
    default Risk riskOf(FieldPath changed) {
      return risk();
    }

    /**
     * How to tell beforehand whether a container would suffer from the fix; empty where only a
     * trial tells.
     */
    default Optional<Tell> tell() {
      return Optional.empty();
    }

    /** Everything that {@link #riskOf} may say, the mildest first. */
    default List<Risk> risks() {
      return List.of(risk());
    }
  }

  /** A fix that also reaches an image that changes on a live pod, where little else can change. */
  interface FixesNewImages extends Fix {}

  /**
   * A fix that makes other rules milder. While it is only audited it comes after all others, so
   * that these are audited as if it were not there.
   */
  interface RelaxesOthers extends Fix {}

  /** A fix that injects what the administrator configured into pods. */
  interface Injects extends Fix {
    /**
     * The rule with one injection alone, for any pod, by the place of that injection in the
     * options.
     */
    default Map<FieldPath, Rule> injections() {
      return Map.of(FieldPath.ROOT, this);
    }

    /** The containers and volumes of the pod that the fix has injected, as their names say. */
    default List<FieldPath> injected(Pod pod, Scope scope) {
      return List.of();
    }

    /** What the fix may mount from the node, so that {@code HostPathVolumes} knows it again. */
    default List<HostPathMount> hostPaths() {
      return List.of();
    }
  }

  /** A fix that also fills in a field of the CronJob whose pods it fixes. */
  interface FixesCronJob extends Fix {
    /**
     * The time zone for a CronJob that names none.
     *
     * @param schedule the CronJob's
     * @return empty where it is to stay without
     */
    Optional<String> timeZone(String schedule);
  }

  /** A rule that can find fault with a pod. */
  interface Check extends Rule {
    /** Reports everything in the pod that breaks the rule. */
    void check(Pod pod, Scope scope, Violations violations);

    /**
     * The levels of the Pod Security controls that this rule checks: those that it gives its
     * violations. A rule that checks any must say so here: the configuration refuses a {@code
     * check} that would lower them.
     */
    default Set<PodSecurityLevel> controls() {
      return Set.of();
    }

    /**
     * When a container may not start once a violation is fixed as its remedy says: {@code it needs
     * the volume}, for example. Empty where the remedies stop none.
     */
    default String atRisk() {
      return "";
    }

    /**
     * Whether the rule also reports violations without a level, of its own options. Override it in
     * a rule that does both: its {@code check} then means the options and may be milder than the
     * controls.
     */
    default boolean checksOptions() {
      return controls().isEmpty();
    }

    /**
     * Whether a violation of the rule's own options is audited at most, even where its {@code
     * check} is stricter.
     */
    default boolean auditsOnly(Violation violation) {
      return false;
    }
  }

  /**
   * A check that compares the replicas of a workload, and so has nothing to say of a single one.
   */
  interface ComparesReplicas extends Check {}

  /**
   * A check that is exempted from within bounds only: an exemption says what may be found.
   *
   * @param <V> the bounds, a record; every component's name is a configuration key
   */
  interface Bounded<V extends Record> extends Check {
    /** The type of the bounds. */
    Class<V> values();

    /**
     * What of a violation remains beyond the bounds; empty where nothing does.
     *
     * @param granted the bounds of every exemption that selects the violation; at least one
     */
    Optional<Violation> remainder(List<V> granted, Violation violation, PodIndex pod);

    /**
     * The tightest bounds within which violations lie; those that no bounds let pass count for
     * nothing.
     *
     * @param violations of one container where they are of containers
     */
    List<V> tightestBounds(List<Violation> violations, PodIndex pod);

    /** Whether the rule's fix leaves alone the containers that an exemption selects. */
    default boolean exemptsFix(V values) {
      return true;
    }
  }
}
