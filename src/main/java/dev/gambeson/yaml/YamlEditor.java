package dev.gambeson.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Changes values in the text of a document and keeps everything else: comments, order, quotes,
 * indentation, line breaks.
 *
 * <p>A change follows the style around it: new lines in block style, the same line in flow style,
 * JSON in JSON. If an anchor and its aliases no longer have the same value, the value is written
 * out.
 */
public final class YamlEditor {

  /** The surroundings of a value: they decide how it can be replaced. */
  private sealed interface Surroundings {
    record Root() implements Surroundings {}

    record InFlow() implements Surroundings {}

    record Item() implements Surroundings {}

    record Value(SourceNode.Entry entry, int column) implements Surroundings {}
  }

  private record Change(int start, int end, String text) {}

  private static final Comparator<JsonNode> NUMBERS_BY_VALUE =
      (one, other) ->
          one.equals(other)
                  || (one.isNumber()
                      && other.isNumber()
                      && one.decimalValue().compareTo(other.decimalValue()) == 0)
              ? 0
              : 1;

  private final SourceText text;
  private final ValueText write;
  private final List<Change> changes = new ArrayList<>();

  /** The nodes whose text stays in place, with the value that it has after the edit. */
  private final IdentityHashMap<SourceNode, JsonNode> kept = new IdentityHashMap<>();

  /** Where {@code -} would be in a block scalar at the end of the text; -1 without one. */
  private int lastScalar;

  private YamlEditor(SourceText text, SourceNode root) {
    this.text = text;
    this.write = text.manner(root);
    this.lastScalar = text.openScalar(root);
  }

  /**
   * Changes the value of a document to the wanted one.
   *
   * @param wanted the document's value with changes: entries of objects may be added, changed and
   *     removed; elements of lists put first, appended, changed and removed
   * @return the document's text; {@link YamlReader} reads {@code wanted} from it
   * @throws YamlException if that cannot be written into the text
   */
  public static String edit(YamlDocument document, JsonNode wanted) throws YamlException {
    var source = document.source();
    if (same(document.value(), wanted)) {
      return source.text();
    }
    var root = SourceParser.parse(source);
    if (root == null) {
      throw new YamlException("there is no value to change", source.start());
    }
    var text = new SourceText(source.text());
    var editor = new YamlEditor(text, root);
    editor.rewrite(root, document.value(), wanted, new Surroundings.Root());
    var edited = editor.apply();
    if (!same(
        YamlReader.read(new DocumentText(source.number(), edited, source.start())).value(),
        wanted)) {
      throw new YamlException(
          "Gambeson cannot write its changes into this text without changing something else;"
              + " this is a bug in Gambeson: please report it",
          source.start());
    }
    return edited;
  }

  private static boolean same(JsonNode one, JsonNode other) {
    return one.equals(NUMBERS_BY_VALUE, other);
  }

  /** The changes in text order; those at one place in the order in which they were recorded. */
  private String apply() {
    changes.sort(Comparator.comparingInt(Change::start));
    var edited = new StringBuilder();
    int done = 0;
    for (var change : changes) {
      edited.append(text.substring(done, change.start())).append(change.text());
      done = change.end();
    }
    return edited.append(text.substring(done, text.length())).toString();
  }

  private void change(int start, int end, String replacement) {
    changes.add(new Change(start, end, replacement));
  }

  /** Adds lines after the line in which {@code tail} is. */
  private void addLines(int tail, int indent, String lines) {
    int end = text.endOfLine(tail);
    if (end == text.length()) {
      closeLastScalar();
    }
    change(end, end, write.newLine(indent) + lines);
  }

  /**
   * A block scalar that ends the text without a line break has none in its value. If lines follow,
   * it needs {@code |-}.
   */
  private void closeLastScalar() {
    int indicator = lastScalar;
    lastScalar = -1;
    if (indicator >= 0) {
      boolean keeps = text.substring(indicator, text.endOfLine(indicator)).startsWith("+");
      change(indicator, keeps ? indicator + 1 : indicator, "-");
    }
  }

  /** Returns the place after which the next line may be added. */
  private int rewrite(SourceNode node, JsonNode old, JsonNode wanted, Surroundings spot) {
    return switch (node) {
      case SourceNode.Alias alias -> {
        var target = kept.get(alias.target());
        yield target != null && same(target, wanted) ? alias.end() : replace(alias, wanted, spot);
      }
      case SourceNode.Mapping mapping
          when old instanceof ObjectNode && wanted instanceof ObjectNode object ->
          mapping(mapping, (ObjectNode) old, object, spot);
      case SourceNode.Sequence sequence
          when old instanceof ArrayNode && wanted instanceof ArrayNode array ->
          sequence(sequence, (ArrayNode) old, array, spot);
      default -> {
        if (!same(old, wanted)) {
          yield replace(node, wanted, spot);
        }
        kept.put(node, wanted);
        yield node.end();
      }
    };
  }

  private int mapping(
      SourceNode.Mapping mapping, ObjectNode old, ObjectNode wanted, Surroundings spot) {
    var plan = MergePlan.of(mapping, wanted, kept);
    if (plan == null) {
      if (!same(old, wanted) || !changes.isEmpty()) {
        return replace(mapping, wanted, spot);
      }
      kept.put(mapping, wanted);
      return mapping.end();
    }
    boolean keepsMerges = plan.keepsMerges();
    var entries = mapping.entries();
    var missing = new LinkedHashSet<String>();
    wanted.fieldNames().forEachRemaining(missing::add);
    missing.removeAll(plan.inherited());
    for (var entry : entries) {
      missing.remove(entry.name());
    }
    IntPredicate stays =
        i -> {
          var name = entries.get(i).name();
          return name == null ? keepsMerges : wanted.has(name);
        };
    int tail;
    if (mapping.flow()) {
      entries.stream()
          .filter(entry -> entry.name() != null && wanted.has(entry.name()))
          .forEach(entry -> child(entry, old, wanted, new Surroundings.InFlow()));
      flow(
          mapping,
          entries.stream().map(entry -> new int[] {entry.start(), entry.end()}).toList(),
          stays,
          missing.stream().map(name -> new Added(name, wanted.get(name))).toList());
      tail = mapping.end();
    } else {
      if (IntStream.range(0, entries.size()).noneMatch(stays)) {
        return replace(mapping, wanted, spot);
      }
      int column = text.column(entries.getFirst().start());
      var starts = entries.stream().map(SourceNode.Entry::start).toList();
      var ends = entries.stream().map(SourceNode.Entry::end).toList();
      removeLines(starts, ends, stays);
      tail = mapping.start();
      for (int i = 0; i < entries.size(); i++) {
        if (stays.test(i)) {
          tail = child(entries.get(i), old, wanted, new Surroundings.Value(entries.get(i), column));
        }
      }
      for (var name : missing) {
        addLines(tail, column, write.blockEntry(name, wanted.get(name), column));
      }
    }
    kept.put(mapping, wanted);
    return tail;
  }

  private int child(SourceNode.Entry entry, ObjectNode old, ObjectNode wanted, Surroundings spot) {
    var name = entry.name();
    if (name == null) {
      return entry.end();
    }
    return Math.max(
        entry.key().end(), rewrite(entry.value(), old.get(name), wanted.get(name), spot));
  }

  private int sequence(
      SourceNode.Sequence sequence, ArrayNode old, ArrayNode wanted, Surroundings spot) {
    var items = sequence.items();
    int first = placeOfFirst(old, wanted);
    var places = places(old, wanted, first);
    int known = first + (int) IntStream.of(places).filter(place -> place >= 0).count();
    IntPredicate stays = i -> places[i] >= 0;
    var added = added(wanted, known, wanted.size());
    int tail;
    if (sequence.flow()) {
      if (first > 0) {
        flowBefore(items.getFirst(), added(wanted, 0, first));
      }
      for (int i = 0; i < items.size(); i++) {
        if (stays.test(i)) {
          rewrite(items.get(i), old.get(i), wanted.get(places[i]), new Surroundings.InFlow());
        }
      }
      flow(
          sequence,
          items.stream().map(item -> new int[] {item.start(), item.end()}).toList(),
          stays,
          added);
      tail = sequence.end();
    } else {
      var dashes = text.dashes(sequence);
      if (known == 0 || (first > 0 && !text.startsLine(dashes.getFirst()))) {
        return replace(sequence, wanted, spot);
      }
      int column = text.column(dashes.getFirst());
      int gap = text.gap(dashes.getFirst(), items.getFirst());
      for (var item : added(wanted, 0, first)) {
        int start = text.startWithComments(dashes.getFirst());
        change(start, start, " ".repeat(column) + listItem(item, column, gap) + write.newLine(0));
      }
      removeLines(dashes, items.stream().map(SourceNode::end).toList(), stays);
      tail = sequence.start();
      for (int i = 0; i < items.size(); i++) {
        if (stays.test(i)) {
          tail =
              Math.max(
                  dashes.get(i) + 1,
                  rewrite(
                      items.get(i), old.get(i), wanted.get(places[i]), new Surroundings.Item()));
        }
      }
      for (var item : added) {
        addLines(tail, column, listItem(item, column, gap));
      }
    }
    kept.put(sequence, wanted);
    return tail;
  }

  private String listItem(Added item, int column, int gap) {
    return "-" + " ".repeat(gap - 1) + write.block(item.value(), column + gap);
  }

  private static List<Added> added(ArrayNode wanted, int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> new Added(null, wanted.get(i))).toList();
  }

  /** How many wanted elements precede all old ones. */
  private static int placeOfFirst(ArrayNode old, ArrayNode wanted) {
    return old.isEmpty()
        ? 0
        : IntStream.range(0, wanted.size())
            .filter(i -> isSameElement(old.get(0), wanted.get(i)))
            .findFirst()
            .orElse(0);
  }

  /**
   * The wanted element that each old one becomes, -1 for none. New elements are at the start or at
   * the end.
   */
  private static int[] places(ArrayNode old, ArrayNode wanted, int first) {
    var places = new int[old.size()];
    int next = first;
    for (int i = 0; i < old.size(); i++) {
      boolean stays =
          next < wanted.size()
              && (isSameElement(old.get(i), wanted.get(next))
                  || !followsLater(old, i, wanted.get(next)));
      places[i] = stays ? next++ : -1;
    }
    return places;
  }

  private static boolean followsLater(ArrayNode old, int position, JsonNode element) {
    return IntStream.range(position + 1, old.size())
        .anyMatch(later -> isSameElement(old.get(later), element));
  }

  private static boolean isSameElement(JsonNode one, JsonNode other) {
    return same(one, other)
        || (one.path("name").isTextual() && one.path("name").equals(other.path("name")));
  }

  private void removeLines(List<Integer> starts, List<Integer> ends, IntPredicate stays) {
    int first = 0;
    while (!stays.test(first)) {
      first++;
    }
    boolean inlineStart = !text.startsLine(starts.getFirst());
    if (inlineStart && first > 0) {
      change(starts.getFirst(), starts.get(first), "");
    }
    for (int i = inlineStart ? first : 0; i < starts.size(); i++) {
      if (!stays.test(i)) {
        change(text.startOfLine(starts.get(i)), text.startOfNextLine(ends.get(i)), "");
      }
    }
  }

  /**
   * A value to add.
   *
   * @param name null in a list
   */
  private record Added(@Nullable String name, JsonNode value) {}

  private void flowBefore(SourceNode item, List<Added> added) {
    int start = item.start();
    int column = text.column(start);
    for (var addition : added) {
      change(
          start,
          start,
          text.startsLine(start)
              ? inLines(addition, column) + "," + write.newLine(column)
              : inLine(addition) + ", ");
    }
  }

  private void flow(
      SourceNode collection, List<int[]> spans, IntPredicate stays, List<Added> added) {
    int last = spans.size() - 1;
    while (last >= 0 && !stays.test(last)) {
      last--;
    }
    if (last < 0) {
      if (!spans.isEmpty() || !added.isEmpty()) {
        refill(collection, added);
      }
      return;
    }
    for (int i = 0; i < last; i++) {
      if (!stays.test(i)) {
        change(spans.get(i)[0], spans.get(i + 1)[0], "");
      }
    }
    int end = spans.get(last)[1];
    boolean ownLine = text.startsLine(spans.get(last)[0]);
    int column = text.column(spans.get(last)[0]);
    for (var addition : added) {
      change(
          end,
          end,
          ownLine
              ? "," + write.newLine(column) + inLines(addition, column)
              : ", " + inLine(addition));
    }
    if (last < spans.size() - 1) {
      change(end, spans.getLast()[1], "");
    }
  }

  /** Replaces all values between the brackets of a collection. */
  private void refill(SourceNode collection, List<Added> added) {
    int open = text.afterProperties(collection.start()) + 1;
    int close = collection.end() - 1;
    if (added.isEmpty() || !(write.json() && text.hasLines())) {
      change(open, close, String.join(", ", added.stream().map(this::inLine).toList()));
      return;
    }
    int indent = text.indentOfLine(open);
    var lines = added.stream().map(addition -> inLines(addition, indent + write.step())).toList();
    change(
        open,
        close,
        write.newLine(indent + write.step())
            + String.join("," + write.newLine(indent + write.step()), lines)
            + write.newLine(indent));
  }

  private String inLine(Added addition) {
    var name = addition.name();
    return name == null ? write.flow(addition.value()) : write.flowEntry(name, addition.value());
  }

  private String inLines(Added addition, int indent) {
    if (!write.json()) {
      return inLine(addition);
    }
    var name = addition.name();
    return (name == null ? "" : write.string(name) + ": ") + write.lines(addition.value(), indent);
  }

  /** Replaces a value. */
  private int replace(SourceNode node, JsonNode wanted, Surroundings spot) {
    boolean nothing = node.start() == node.end();
    boolean inline = !wanted.isContainerNode() || wanted.isEmpty();
    switch (spot) {
      case Surroundings.InFlow() ->
          change(node.start(), node.end(), (nothing ? " " : "") + write.flow(wanted));
      case Surroundings.Root() -> change(node.start(), node.end(), write.block(wanted, 0));
      case Surroundings.Item() -> {
        int column = text.column(node.start()) + (nothing ? 1 : 0);
        boolean commented = text.endOfLine(node.end()) > text.endOfBlanks(node.end());
        change(
            node.start(),
            node.end(),
            (nothing ? " " : "") + (commented ? write.flow(wanted) : write.block(wanted, column)));
      }
      case Surroundings.Value(var entry, int column) -> {
        int afterColon = text.indexOf(':', entry.key().end()) + 1;
        boolean gone = isBlockCollection(node) || !inline;
        int start = gone && text.isBlank(afterColon, node.start()) ? afterColon : node.start();
        if (inline) {
          change(start, node.end(), (start == afterColon ? " " : "") + write.flow(wanted));
        } else {
          int indent = write.indentBelow(wanted, column);
          change(start, node.end(), "");
          addLines(node.end(), indent, write.block(wanted, indent));
        }
      }
    }
    return node.end();
  }

  private static boolean isBlockCollection(SourceNode node) {
    return (node instanceof SourceNode.Mapping mapping && !mapping.flow())
        || (node instanceof SourceNode.Sequence sequence && !sequence.flow());
  }

  /**
   * Whether the merge keys of a mapping stay.
   *
   * @param inherited the keys for which they provide the wanted value
   */
  private record MergePlan(boolean keepsMerges, Set<String> inherited) {
    /** Returns null if that cannot be decided. */
    static @Nullable MergePlan of(
        SourceNode.Mapping mapping, ObjectNode wanted, IdentityHashMap<SourceNode, JsonNode> kept) {
      var brought = new LinkedHashMap<String, JsonNode>();
      var own = new LinkedHashSet<String>();
      boolean basesStay = true;
      for (var entry : mapping.entries()) {
        if (entry.name() != null) {
          own.add(entry.name());
          continue;
        }
        for (var base : bases(entry)) {
          if (!(base instanceof SourceNode.Alias alias)) {
            return null;
          }
          if (kept.get(alias.target()) instanceof ObjectNode object) {
            object.properties().forEach(field -> brought.put(field.getKey(), field.getValue()));
          } else {
            basesStay = false;
          }
          // A merge key overwrites earlier entries.
          if (basesStay ? own.stream().anyMatch(brought::containsKey) : !own.isEmpty()) {
            return null;
          }
        }
      }
      own.removeIf(name -> !wanted.has(name));
      brought.keySet().removeAll(own);
      if (!basesStay || brought.keySet().stream().anyMatch(name -> !wanted.has(name))) {
        return new MergePlan(false, Set.of());
      }
      brought.entrySet().removeIf(field -> !same(field.getValue(), wanted.get(field.getKey())));
      return new MergePlan(true, brought.keySet());
    }

    private static List<SourceNode> bases(SourceNode.Entry merge) {
      return merge.value() instanceof SourceNode.Sequence sequence
          ? sequence.items().reversed()
          : List.of(merge.value());
    }
  }
}
