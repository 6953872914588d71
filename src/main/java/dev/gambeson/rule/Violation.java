package dev.gambeson.rule;

import dev.gambeson.pod.FieldPath;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One place where a pod breaks a rule.
 *
 * <p>Violations have an order, so that a hash table stays fast with those that an author gave one
 * hash; it leaves open which of two comes first at one place.
 *
 * @param rule the name of the rule
 * @param level the Pod Security level whose control is broken; null where it is the rule's own
 *     option
 * @param container the name of the container; null where the pod as a whole is at fault
 * @param path the field, from the pod's root
 * @param found what stands there, in a few words; never a secret
 * @param wanted what should
 * @param allowed the values that the field may have, where they are few; empty where they are not,
 *     or {@code wanted} says it all
 * @param remedy the value that {@code path} should have, to show as YAML: a scalar, list, map or
 *     model object; a {@link Removal} where something has to go; null where only the author can
 *     know
 */
public record Violation(
    String rule,
    @Nullable PodSecurityLevel level,
    @Nullable String container,
    FieldPath path,
    String found,
    String wanted,
    List<String> allowed,
    @Nullable Object remedy)
    implements Comparable<Violation> {
  /**
   * What must reach no message: it would break its lines, turn their direction, or make the API
   * server drop it.
   */
  private static final Pattern CONTROL_CHARACTERS =
      Pattern.compile("[\\p{Cntrl}\\u0080-\\u009f\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]+");

  /** An event or a chat shows no more of a message. */
  private static final int MAX_LENGTH = 200;

  /** Far more of a text than a message has room for: the rest need not be cleaned. */
  private static final int LONGEST_TEXT = 4 * MAX_LENGTH;

  /** What a message may shorten, in the order in which it does. */
  private enum Part {
    REMARK(45),
    CONTAINER(12),
    FOUND(12),
    WANTED(24),
    PATH(16);

    private final int shortest;

    Part(int shortest) {
      this.shortest = shortest;
    }
  }

  /** So many characters of a list leave room for the rest of a message. */
  private static final int LONGEST_LIST = 60;

  public Violation {
    allowed = List.copyOf(allowed);
  }

  /** Of what tells most violations apart; a remedy may be a large object. */
  @Override
  public int hashCode() {
    return 31 * path.hashCode() + rule.hashCode();
  }

  @Override
  public int compareTo(Violation other) {
    int order = path.compareTo(other.path);
    return order != 0 ? order : rule.compareTo(other.rule);
  }

  /** The same violation as a control of that level; of no level, as the rule's own option. */
  public Violation atLevel(@Nullable PodSecurityLevel other) {
    return level == other
        ? this
        : new Violation(rule, other, container, path, found, wanted, allowed, remedy);
  }

  /** The same violation of what a rule's fix put into the pod: it is fixed in the options. */
  public Violation inOptionsOf(Rule fixing) {
    return new Violation(
        rule,
        level,
        container,
        path,
        found,
        wanted + ", in the options of " + fixing.name(),
        allowed,
        null);
  }

  /** The same violation at another place. */
  public Violation at(FieldPath other) {
    return new Violation(rule, level, container, other, found, wanted, allowed, remedy);
  }

  /**
   * {@code [Privileged] container "web": spec.containers[0].securityContext.privileged: found true,
   * wanted false}: one line of at most 200 characters.
   */
  public String message(FieldPath prefix) {
    return message(prefix, "", "");
  }

  /**
   * The same with what else is to be said of it. Where 200 characters are not enough, the remark,
   * the name of the container and what was found are shortened, then what is wanted and, at last,
   * the field; never the rule or the addition.
   *
   * @param addition empty where there is none
   * @param remark likewise
   */
  public String message(FieldPath prefix, String addition, String remark) {
    var parts = new EnumMap<Part, String>(Part.class);
    parts.put(Part.REMARK, line(remark));
    parts.put(Part.CONTAINER, line(Objects.requireNonNullElse(container, "")));
    parts.put(Part.FOUND, line(found));
    parts.put(Part.WANTED, line(wanted));
    parts.put(Part.PATH, line(path.under(prefix).toString()));
    var whole = line(parts, addition);
    int excess = whole.length() - MAX_LENGTH;
    if (excess <= 0) {
      return whole;
    }
    for (var entry : parts.entrySet()) {
      if (excess > 0) {
        var text = entry.getValue();
        entry.setValue(shorten(text, Math.max(entry.getKey().shortest, text.length() - excess)));
        excess -= text.length() - entry.getValue().length();
      }
    }
    return line(parts, addition);
  }

  private String line(Map<Part, String> parts, String addition) {
    var remark = parts.getOrDefault(Part.REMARK, "");
    return "["
        + rule
        + "] "
        + (container == null ? "" : "container \"" + parts.get(Part.CONTAINER) + "\": ")
        + parts.get(Part.PATH)
        + ": found "
        + parts.get(Part.FOUND)
        + ", wanted "
        + parts.get(Part.WANTED)
        + (addition.isEmpty() ? "" : " (" + addition + ")")
        + (remark.isEmpty() ? "" : " (" + remark + ")");
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

  private static String line(String text) {
    return clean(shorten(text, LONGEST_TEXT));
  }

  /** The text in one line, without what must reach no message. */
  public static String clean(String text) {
    return isPrintableAscii(text) ? text : CONTROL_CHARACTERS.matcher(text).replaceAll(" ");
  }

  private static boolean isPrintableAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
        return false;
      }
    }
    return true;
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
