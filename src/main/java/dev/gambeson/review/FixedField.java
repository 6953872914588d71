package dev.gambeson.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.Risk;
import dev.gambeson.verdict.FixResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A field that a fix writes under one of two verdicts, or into which both write, but not the same.
 *
 * @param path in the document; that of an element of a list is its place under the verdict that
 *     writes it, the second one where both do
 * @param risk of writing it
 * @param before its value under the first verdict; null where it is absent
 * @param after its value under the second verdict; null where it is absent
 * @param isNew whether the first verdict leaves the field alone
 * @param isGone whether the second verdict leaves the field alone
 */
public record FixedField(
    String rule,
    String path,
    Risk risk,
    @Nullable JsonNode before,
    @Nullable JsonNode after,
    boolean isNew,
    boolean isGone) {

  /** Which field it is, wherever fixes put an element in its list. */
  private record Key(String rule, FieldPath path, String element) {}

  private record Written(
      FieldPath path, Risk risk, @Nullable JsonNode before, @Nullable JsonNode after) {}

  /** The fields that differ, in the order of the fixes. */
  static List<FixedField> differing(JudgedObject before, JudgedObject after) {
    var first = written(before);
    var second = written(after);
    var all = new ArrayList<FixedField>();
    second.forEach((key, now) -> {
      var then = first.remove(key);
      if (then == null) {
        all.add(field(key, now, now.before(), now.after(), true, false));
      } else if (!isSame(then.after(), now.after())) {
        all.add(field(key, now, then.after(), now.after(), false, false));
      }
    });
    first.forEach((key, then) ->
        all.add(
            field(key, then, /* before= */ then.after(), /* after= */ then.before(), false, true)));
    return all;
  }

  private static FixedField field(
      Key key,
      Written written,
      @Nullable JsonNode before,
      @Nullable JsonNode after,
      boolean isNew,
      boolean isGone) {
    return new FixedField(
        key.rule(), written.path().toString(), written.risk(), before, after, isNew, isGone);
  }

  private static boolean isSame(@Nullable JsonNode one, @Nullable JsonNode other) {
    return one == null ? other == null : one.equals(other);
  }

  private static Map<Key, Written> written(JudgedObject object) {
    var all = new LinkedHashMap<Key, Written>();
    for (var fix : object.review().fixed()) {
      for (var change : fix.changes()) {
        var path = change.path().under(object.place());
        add(fix.rule(), path, change, json(change.before()), json(change.after()), all);
      }
    }
    return all;
  }

  private static void add(
      String rule,
      FieldPath path,
      FixResult.Change change,
      @Nullable JsonNode before,
      @Nullable JsonNode after,
      Map<Key, Written> all) {
    boolean isElement = path.last() instanceof Integer;
    if (!isElement && before == null && after instanceof ObjectNode parts && !parts.isEmpty()) {
      parts
          .properties()
          .forEach(
              part -> add(rule, path.field(part.getKey()), change, null, part.getValue(), all));
      return;
    }
    var value = after == null ? before : after;
    var key =
        isElement && value != null
            ? new Key(rule, path.parent(), name(value))
            : new Key(rule, path, "");
    all.put(key, new Written(path, change.risk(), before, after));
  }

  /** What tells an element of a list from the others, whatever else is in it. */
  private static String name(JsonNode element) {
    return element.has("name")
        ? element.path("name").asText() + " " + element.path("mountPath").asText()
        : element.toString();
  }

  private static @Nullable JsonNode json(@Nullable Object value) {
    return (JsonNode) value;
  }
}
