package dev.gambeson.rules;

import dev.gambeson.pod.FieldPath;
import java.util.Objects;
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
  /**
   * What must reach no message: it would break its lines, turn their direction, or make the API
   * server drop it.
   */
  private static final Pattern CONTROL_CHARACTERS =
      Pattern.compile("[\\p{Cntrl}\\u0080-\\u009f\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]+");

  /** An event or a chat shows no more of a message. */
  private static final int MAX_LENGTH = 200;

  private static final int SHORTEST_NAME = 12;

  /** The same violation as a control of that level; of no level, as the rule's own option. */
  public Violation atLevel(@Nullable PodSecurityLevel other) {
    return new Violation(rule, other, container, path, found, wanted, remedy);
  }

  /** The same violation of what a rule's fix put into the pod: it is mended in the options. */
  public Violation inOptionsOf(Rule<?> fixing) {
    return new Violation(
        rule, level, container, path, found, wanted + ", in the options of " + fixing.name(), null);
  }

  /** The same violation at another place. */
  public Violation at(FieldPath other) {
    return new Violation(rule, level, container, other, found, wanted, remedy);
  }

  /**
   * {@code [Privileged] container "web": spec.containers[0].securityContext.privileged: found true,
   * wanted false}: one line of at most 200 characters. Where that is not enough, the name of the
   * container and what was found are shortened; never the rule, the field or what is wanted.
   */
  public String message(FieldPath prefix) {
    int room = MAX_LENGTH - line(prefix, "", "").length();
    var name = Objects.requireNonNullElse(container, "");
    var value =
        shorten(found, Math.max(SHORTEST_NAME, room - Math.min(name.length(), SHORTEST_NAME)));
    return line(prefix, shorten(name, Math.max(SHORTEST_NAME, room - value.length())), value);
  }

  private String line(FieldPath prefix, String name, String value) {
    return clean(
        "["
            + rule
            + "] "
            + (container == null ? "" : "container \"" + name + "\": ")
            + path.under(prefix)
            + ": found "
            + value
            + ", wanted "
            + wanted);
  }

  /** The text in one line, without what must reach no message. */
  public static String clean(String text) {
    return CONTROL_CHARACTERS.matcher(text).replaceAll(" ");
  }

  /** The text, with {@code …} for its middle where it is longer than that. */
  public static String shorten(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    int head = length / 2;
    int tail = text.length() - (length - head - 1);
    if (Character.isLowSurrogate(text.charAt(head))) {
      head--;
    }
    if (Character.isLowSurrogate(text.charAt(tail))) {
      tail++;
    }
    return text.substring(0, head) + "…" + text.substring(tail);
  }
}
