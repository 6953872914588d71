package dev.gambeson.rules;

import dev.gambeson.pod.FieldPath;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One place where a pod breaks a rule.
 *
 * @param rule the name of the rule
 * @param level the Pod Security level whose control is broken; null where it is the rule's own
 *     option
 * @param container the name of the container; null where the pod as a whole is at fault
 * @param path the field, from the pod's root
 * @param found what stands there, in a few words; never a secret
 * @param wanted what should
 * @param remedy the value that {@code path} should have, to show as YAML: a scalar, list, map or
 *     model object; null where only the author can know
 */
public record Violation(
    String rule,
    @Nullable PodSecurityLevel level,
    @Nullable String container,
    FieldPath path,
    String found,
    String wanted,
    @Nullable Object remedy) {
  /** What must reach no message: it would break its lines, or make the API server drop it. */
  public static final Pattern CONTROL_CHARACTERS = Pattern.compile("[\\p{Cntrl}\\u0080-\\u009f]+");

  /** The same violation as a control of that level; of no level, as the rule's own option. */
  public Violation atLevel(@Nullable PodSecurityLevel other) {
    return new Violation(rule, other, container, path, found, wanted, remedy);
  }

  /** The same violation at another place. */
  public Violation at(FieldPath other) {
    return new Violation(rule, level, container, other, found, wanted, remedy);
  }

  /**
   * {@code [Privileged] container "web": spec.containers[0].securityContext.privileged: found true,
   * wanted false}.
   */
  public String message(FieldPath prefix) {
    return "["
        + rule
        + "] "
        + (container == null ? "" : "container \"" + container + "\": ")
        + path.under(prefix)
        + ": found "
        + CONTROL_CHARACTERS.matcher(found).replaceAll(" ")
        + ", wanted "
        + wanted;
  }
}
