package dev.gambeson.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.Risk;
import dev.gambeson.verdict.FixResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a fix changes with one risk, in words: {@code env TZ=UTC}, {@code hostUsers=false}, {@code
 * resources.requests cpu=100m, memory=128Mi}.
 */
final class ChangeText {
  /** A value that is longer than that is shown only where all is shown. */
  private static final int LONGEST_VALUE = 160;

  private final boolean whole;
  private final List<String> removals = new ArrayList<>();

  /** What is set, by the object or list that it is in. */
  private final Map<FieldPath, List<Setting>> settings = new LinkedHashMap<>();

  /**
   * A field or an element.
   *
   * @param field its name, with what joins the value to it; empty for an element
   */
  private record Setting(String field, String value) {}

  /**
   * Starts it, empty.
   *
   * @param whole whether values of any length are written
   */
  ChangeText(boolean whole) {
    this.whole = whole;
  }

  /**
   * Adds a change.
   *
   * @param path the field, as it is called where this is written
   */
  void add(FixResult.Change change, FieldPath path) {
    var before = change.before();
    var after = change.after();
    if (after == null) {
      removals.add("removes " + path + (before == null ? "" : name(FlowValue.json(before))));
      return;
    }
    var written = FlowValue.json(after);
    if (path.last() instanceof Integer && before == null) {
      set(path.parent(), new Setting("", element(written)));
      return;
    }
    var place = path;
    while (before == null && written.isObject() && written.size() == 1) {
      var only = written.properties().iterator().next();
      place = place.field(only.getKey());
      written = only.getValue();
    }
    set(
        place.parent(),
        new Setting(
            place.last() + "=",
            value(written) + (before == null ? "" : " (was " + value(before) + ")")));
  }

  private void set(FieldPath parent, Setting setting) {
    settings.computeIfAbsent(parent, key -> new ArrayList<>()).add(setting);
  }

  /** All of it, with what it may do to the pod. */
  String of(String rule, String verb, Risk risk) {
    var parts = new ArrayList<String>();
    settings.forEach((parent, all) -> parts.add(text(parent, all)));
    parts.addAll(removals);
    return "["
        + rule
        + "] "
        + verb
        + String.join("; ", parts)
        + (risk == Risk.SAFE ? "" : " (risk: " + risk + ")");
  }

  private static String text(FieldPath parent, List<Setting> all) {
    var first = all.getFirst();
    boolean alone = all.size() == 1 && !first.field().isEmpty();
    return parent
        + (parent.isRoot() ? "" : alone ? "." : " ")
        + String.join(
            ", ", all.stream().map(setting -> setting.field() + setting.value()).toList());
  }

  /** A variable as the shell writes it, any other element as it is. */
  private String element(JsonNode written) {
    return written.size() == 2 && written.path("name").isTextual() && written.has("value")
        ? written.path("name").textValue() + "=" + written.path("value").asText()
        : value(written);
  }

  private static String name(JsonNode removed) {
    var name = removed.path("name");
    return name.isTextual() ? " (" + name.textValue() + ")" : "";
  }

  private String value(Object value) {
    var text = FlowValue.of(value);
    return whole || text.length() <= LONGEST_VALUE
        ? text
        : "(" + text.length() + " characters: --verbose shows them)";
  }
}
