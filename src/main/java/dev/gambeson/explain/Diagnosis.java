package dev.gambeson.explain;

import dev.gambeson.pod.FieldPath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a pod, and whether a fix is behind it.
 *
 * @param what in a sentence
 * @param container empty for the pod as a whole
 * @param rule whose fix is behind it; null where none is
 * @param field that the fix wrote; null where none is behind it
 * @param why it is behind it, or what else is
 * @param evidence the signs, quoted
 * @param remedies the best first
 */
public record Diagnosis(
    String what,
    String container,
    @Nullable String rule,
    @Nullable FieldPath field,
    Certainty certainty,
    String why,
    List<String> evidence,
    List<Remedy> remedies) {
  public Diagnosis {
    evidence = List.copyOf(evidence);
    remedies = List.copyOf(remedies);
  }

  /**
   * One way to help.
   *
   * @param what in a sentence without its end
   * @param yaml to write into the template; empty where only an exemption helps
   * @param exemptions entries for {@code exemptions} of the configuration, without which the
   *     profile would refuse the pod
   */
  public record Remedy(String what, String yaml, List<String> exemptions) {
    public Remedy {
      exemptions = List.copyOf(exemptions);
    }
  }
}
