package dev.gambeson.explain;

import java.util.ArrayList;
import java.util.List;

/**
 * Why a pod fares as it does.
 *
 * @param state of the pod, in a few words
 * @param profile by which what was filled in is known
 * @param origin what the pod was compared with
 * @param place where the author fixes the pod, in a sentence
 * @param diagnoses the surest first; those in which Gambeson has no part last
 * @param filled what the fixes wrote into the pod, in their order
 * @param applied the rules that the pod's annotation names
 * @param notes what should be known of how far this can be trusted
 */
public record Explanation(
    String namespace,
    String name,
    String state,
    String profile,
    String origin,
    String place,
    List<Diagnosis> diagnoses,
    List<FilledField> filled,
    List<String> applied,
    List<String> notes) {
  public Explanation {
    diagnoses = List.copyOf(diagnoses);
    filled = List.copyOf(filled);
    applied = List.copyOf(applied);
    notes = List.copyOf(notes);
  }

  /** Whether nothing is wrong. */
  public boolean isHealthy() {
    return diagnoses.isEmpty();
  }

  /** The same with more that should be known. */
  public Explanation noting(List<String> more) {
    var all = new ArrayList<>(notes);
    all.addAll(more);
    return new Explanation(
        namespace, name, state, profile, origin, place, diagnoses, filled, applied, all);
  }

  /** Whether a fix is behind anything that is wrong. */
  public boolean blamesFix() {
    return diagnoses.stream().anyMatch(diagnosis -> diagnosis.rule() != null);
  }
}
