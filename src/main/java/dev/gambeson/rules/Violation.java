package dev.gambeson.rules;

import dev.gambeson.pod.FieldPath;
import java.util.ArrayList;
import java.util.List;
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
  private static final int SHORTEST_WANTED = 24;
  private static final int SHORTEST_REMARK = 45;
  private static final int SHORTEST_PATH = 16;

  /** So many characters of a list leave room for the rest of a message. */
  private static final int LONGEST_LIST = 60;

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
   * wanted false}: one line of at most 200 characters.
   */
  public String message(FieldPath prefix) {
    return message(prefix, "", "");
  }

  /**
   * The same with what else is to be said of it. Where 200 characters are not enough, the name of
   * the container and what was found are shortened first, then what is wanted, the remark and, at
   * last, the field; never the rule or the addition.
   *
   * @param addition empty where there is none
   * @param remark likewise
   */
  public String message(FieldPath prefix, String addition, String remark) {
    var texts =
        new ArrayList<>(
            List.of(
                clean(Objects.requireNonNullElse(container, "")),
                clean(found),
                clean(wanted),
                clean(remark),
                clean(path.under(prefix).toString())));
    var shortest =
        List.of(SHORTEST_NAME, SHORTEST_NAME, SHORTEST_WANTED, SHORTEST_REMARK, SHORTEST_PATH);
    int excess = line(texts, addition).length() - MAX_LENGTH;
    for (int i = 0; i < texts.size() && excess > 0; i++) {
      int before = texts.get(i).length();
      texts.set(i, shorten(texts.get(i), Math.max(shortest.get(i), before - excess)));
      excess -= before - texts.get(i).length();
    }
    return line(texts, addition);
  }

  private String line(List<String> texts, String addition) {
    return "["
        + rule
        + "] "
        + (container == null ? "" : "container \"" + texts.get(0) + "\": ")
        + texts.get(4)
        + ": found "
        + texts.get(1)
        + ", wanted "
        + texts.get(2)
        + (addition.isEmpty() ? "" : " (" + addition + ")")
        + (texts.get(3).isEmpty() ? "" : " (" + texts.get(3) + ")");
  }

  /**
   * {@code a, b, … (8 in all)}: as many of the values as a message has room for, at least one.
   *
   * @param separator what stands between two
   */
  public static String list(List<String> values, String separator) {
    int shown = 1;
    int length = values.getFirst().length();
    while (shown < values.size() && length + values.get(shown).length() <= LONGEST_LIST) {
      length += values.get(shown).length();
      shown++;
    }
    var text = String.join(separator, values.subList(0, shown));
    return shown == values.size() ? text : text + separator + "… (" + values.size() + " in all)";
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
