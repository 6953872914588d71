package dev.gambeson.verdict;

import dev.gambeson.pod.FieldPath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Fixes that are only audited, and what they would write. Such a fix hides a finding of its own
 * field alone: it must not relax what another rule asks of the pod as it is.
 */
public final class AuditedFixes {
  private static final String SECURITY_CONTEXT = "securityContext";
  private static final FieldPath VOLUMES = FieldPath.of("spec", "volumes");

  private final ElementNames before;
  private final ElementNames after;
  private final Set<FieldPath> written = new HashSet<>();
  private final Set<FieldPath> above = new HashSet<>();

  /**
   * Creates it.
   *
   * @param before the names in the pod without the fixes
   * @param after the names in the pod with them
   */
  public AuditedFixes(List<FixResult> fixes, ElementNames before, ElementNames after) {
    this.before = before;
    this.after = after;
    for (var fix : fixes) {
      for (var change : fix.changes()) {
        var path = change.path();
        // A volume may be removed, and its name with it; all else is only added to.
        var place = path.isWithin(VOLUMES) ? before.in(path) : after.in(path);
        written.add(place);
        for (var at = place; !at.isRoot(); at = at.parent()) {
          above.add(at);
        }
      }
    }
  }

  /**
   * What to report of a pod that these fixes do not reach.
   *
   * @param asItIs the findings in the pod without the fixes
   * @param remaining those in the pod with them
   */
  public List<Finding> foresee(List<Finding> asItIs, List<Finding> remaining) {
    var notFixed = new HashSet<Place>();
    for (var finding : remaining) {
      notFixed.add(Place.of(finding, after));
    }
    var findings = new ArrayList<Finding>();
    var known = new HashSet<Place>();
    for (var finding : asItIs) {
      var place = Place.of(finding, before);
      known.add(place);
      if (notFixed.contains(place) || !writes(place.path())) {
        findings.add(finding);
      }
    }
    for (var finding : remaining) {
      if (!known.contains(Place.of(finding, after))) {
        findings.add(finding);
      }
    }
    return findings;
  }

  /** Whether the fixes write that field, one below it, or the object that it is in. */
  private boolean writes(FieldPath place) {
    for (var at = place; !at.isRoot(); at = at.parent()) {
      if (written.contains(at)) {
        return true;
      }
    }
    var ofPod = inherited(place);
    return above.contains(place) || (ofPod != null && writes(ofPod));
  }

  /** The field of the pod's security context that a container has unless it says otherwise. */
  private static @Nullable FieldPath inherited(FieldPath place) {
    var segments = place.segments();
    return segments.size() > 4 && segments.get(3).equals(SECURITY_CONTEXT)
        ? place.from(3).under(FieldPath.of("spec"))
        : null;
  }

  /** What is found where, whatever the value is. */
  private record Place(String rule, @Nullable String container, FieldPath path)
      implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
        Comparator.comparing(Place::path)
            .thenComparing(Place::rule)
            .thenComparing(Place::container, Comparator.nullsFirst(Comparator.naturalOrder()));

    /** So that a tenant who gives many one hash does not make sets of them slow. */
    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }

    static Place of(Finding finding, ElementNames names) {
      var violation = finding.violation();
      return new Place(violation.rule(), violation.container(), names.in(violation.path()));
    }
  }
}
