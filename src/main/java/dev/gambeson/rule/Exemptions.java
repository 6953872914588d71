package dev.gambeson.rule;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.PodIndex;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the administrator exempts the pods of a {@link Scope} from. */
public interface Exemptions {
  /** Nothing is exempted. */
  Exemptions NONE =
      new Exemptions() {
        @Override
        public boolean exemptsFix(Rule rule, Pod pod) {
          return false;
        }

        @Override
        public boolean exemptsFix(Rule rule, Pod pod, ContainerRef container) {
          return false;
        }

        @Override
        public FixRuling onFix(Rule rule, Pod pod) {
          return new FixRuling(List.of(), List.of(), "");
        }

        @Override
        public Ruling on(Rule rule, Violation violation, PodIndex pod) {
          return new Ruling(violation, "", List.of(), List.of());
        }
      };

  /** Whether the rule's fix leaves the whole pod alone. */
  boolean exemptsFix(Rule rule, Pod pod);

  /** Whether the rule's fix leaves that container of the pod alone. */
  boolean exemptsFix(Rule rule, Pod pod, ContainerRef container);

  /** What keeps the rule's fix from the pod, or from a container of it. */
  FixRuling onFix(Rule rule, Pod pod);

  /**
   * What keeps a fix from a pod.
   *
   * @param grounds who exempted it and why, of each exemption; empty where none does
   * @param warnings which of those ends soon
   * @param expired which exemption would, had it not expired; empty where none
   */
  record FixRuling(List<Grounds> grounds, List<String> warnings, String expired) {
    public FixRuling {
      grounds = List.copyOf(grounds);
      warnings = List.copyOf(warnings);
    }
  }

  /** What becomes of a violation. */
  Ruling on(Rule rule, Violation violation, PodIndex pod);

  /**
   * What becomes of a violation.
   *
   * @param remaining what of it nothing exempts; null where all of it is exempted
   * @param expired which exemption would have exempted it, had it not expired; empty where none
   * @param grounds who exempted it and why, of each exemption that was used
   * @param warnings which of those ends soon
   */
  record Ruling(
      @Nullable Violation remaining, String expired, List<Grounds> grounds, List<String> warnings) {
    public Ruling {
      grounds = List.copyOf(grounds);
      warnings = List.copyOf(warnings);
    }
  }
}
