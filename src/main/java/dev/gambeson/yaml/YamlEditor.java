package dev.gambeson.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
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

    record Value(YamlNode.Entry entry, int column) implements Surroundings {}
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

  private final TreeChanges edits;
  private final SourceText text;
  private final ValueText write;
  private final List<Change> changes = new ArrayList<>();

  /** The nodes whose text stays in place, with the value that it has after the edit. */
  private final IdentityHashMap<YamlNode, JsonNode> kept = new IdentityHashMap<>();

  /** Where {@code -} would be in a block scalar at the end of the text; -1 without one. */
  private int lastScalar;

  private YamlEditor(SourceText text, YamlNode root, TreeChanges edits) {
    this.edits = edits;
    this.text = text;
    this.write = text.style(root);
    this.lastScalar = text.openScalar(root);
  }

  /**
   * Changes values of a document.
   *
   * @param edits in the order in which they apply
   * @return the document's text with the changes
   * @throws YamlException if they cannot be written into the text
   */
  public static String edit(YamlDocument document, List<DocumentEdit> edits) throws YamlException {
    var source = document.source();
    if (edits.isEmpty()) {
      return source.text();
    }
    var root = document.root();
    if (root == null) {
      throw new YamlException("there is no value to change", source.start());
    }
    var inTree = new TreeChanges(root);
    var wanted = document.value().deepCopy();
    for (var edit : edits) {
      edit.applyTo(wanted);
      inTree.add(edit);
    }
    var editor = new YamlEditor(new SourceText(source.text()), root, inTree);
    editor.rewrite(root, wanted, new Surroundings.Root());
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

  static boolean same(JsonNode one, JsonNode other) {
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
  private int rewrite(YamlNode node, JsonNode wanted, Surroundings spot) throws YamlException {
    return switch (node) {
      case YamlNode.Alias alias -> {
        var target = kept.get(alias.resolved());
        yield target != null && same(target, wanted) ? alias.end() : replace(alias, wanted, spot);
      }
      case YamlNode.Mapping mapping when wanted instanceof ObjectNode object ->
          mapping(mapping, object, spot);
      case YamlNode.Sequence sequence when wanted instanceof ArrayNode array ->
          sequence(sequence, array, spot);
      default -> {
        if (edits.touches(node)) {
          yield replace(node, wanted, spot);
        }
        kept.put(node, wanted);
        yield node.end();
      }
    };
  }

  private int mapping(YamlNode.Mapping mapping, ObjectNode wanted, Surroundings spot)
      throws YamlException {
    var plan = MergePlan.of(mapping, wanted, kept);
    if (plan == null) {
      if (edits.touches(mapping) || !changes.isEmpty()) {
        return replace(mapping, wanted, spot);
      }
      kept.put(mapping, wanted);
      return mapping.end();
    }
    var entries = mapping.entries();
    var names = new ArrayList<@Nullable String>();
    var missing = new LinkedHashSet<String>();
    wanted.fieldNames().forEachRemaining(missing::add);
    missing.removeAll(plan.inherited());
    for (var entry : entries) {
      var name = entry.isMerge() ? null : entry.name();
      names.add(name);
      missing.remove(name);
    }
    IntPredicate stays =
        i -> {
          var name = names.get(i);
          return name == null ? plan.keepsMerges() : wanted.has(name);
        };
    int tail;
    if (mapping.flow()) {
      for (int i = 0; i < entries.size(); i++) {
        if (stays.test(i)) {
          child(entries.get(i), names.get(i), wanted, new Surroundings.InFlow());
        }
      }
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
      var starts = entries.stream().map(YamlNode.Entry::start).toList();
      var ends = entries.stream().map(YamlNode.Entry::end).toList();
      removeLines(starts, ends, stays);
      tail = mapping.start();
      for (int i = 0; i < entries.size(); i++) {
        if (stays.test(i)) {
          var entry = entries.get(i);
          tail = child(entry, names.get(i), wanted, new Surroundings.Value(entry, column));
        }
      }
      for (var name : missing) {
        addLines(tail, column, write.blockEntry(name, wanted.get(name), column));
      }
    }
    kept.put(mapping, wanted);
    return tail;
  }

  private int child(
      YamlNode.Entry entry, @Nullable String name, ObjectNode wanted, Surroundings spot)
      throws YamlException {
    return name == null
        ? entry.end()
        : Math.max(entry.key().end(), rewrite(entry.value(), wanted.get(name), spot));
  }

  private int sequence(YamlNode.Sequence sequence, ArrayNode wanted, Surroundings spot)
      throws YamlException {
    var items = sequence.items();
    var plan = ListPlan.of(sequence, wanted, edits);
    int tail;
    if (sequence.flow()) {
      plan.before().forEach((item, added) -> flowBefore(items.get(item), unnamed(added)));
      for (int i = 0; i < items.size(); i++) {
        var element = plan.staying().get(i);
        if (element != null) {
          rewrite(items.get(i), element, new Surroundings.InFlow());
        }
      }
      flow(
          sequence,
          items.stream().map(item -> new int[] {item.start(), item.end()}).toList(),
          plan::stays,
          unnamed(plan.after()));
      tail = sequence.end();
    } else {
      var dashes = text.dashes(sequence);
      boolean startsLine = text.startsLine(dashes.getFirst());
      if (plan.staying().isEmpty() || (plan.before().containsKey(0) && !startsLine)) {
        return replace(sequence, wanted, spot);
      }
      int column = text.column(dashes.getFirst());
      int gap = text.gap(dashes.getFirst(), items.getFirst());
      plan.before()
          .forEach((item, added) -> {
            int start = text.startWithComments(dashes.get(item));
            for (var element : added) {
              change(
                  start,
                  start,
                  " ".repeat(column) + listItem(element, column, gap) + write.newLine(0));
            }
          });
      removeLines(dashes, items.stream().map(YamlNode::end).toList(), plan::stays);
      tail = sequence.start();
      for (int i = 0; i < items.size(); i++) {
        var element = plan.staying().get(i);
        if (element != null) {
          tail =
              Math.max(dashes.get(i) + 1, rewrite(items.get(i), element, new Surroundings.Item()));
        }
      }
      for (var element : plan.after()) {
        addLines(tail, column, listItem(element, column, gap));
      }
    }
    kept.put(sequence, wanted);
    return tail;
  }

  private String listItem(JsonNode element, int column, int gap) {
    return "-" + " ".repeat(gap - 1) + write.block(element, column + gap);
  }

  private static List<Added> unnamed(List<JsonNode> elements) {
    return elements.stream().map(element -> new Added(null, element)).toList();
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

  private void flowBefore(YamlNode item, List<Added> added) {
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

  private void flow(YamlNode collection, List<int[]> spans, IntPredicate stays, List<Added> added) {
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
  private void refill(YamlNode collection, List<Added> added) {
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
  private int replace(YamlNode node, JsonNode wanted, Surroundings spot) {
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

  private static boolean isBlockCollection(YamlNode node) {
    return (node instanceof YamlNode.Mapping mapping && !mapping.flow())
        || (node instanceof YamlNode.Sequence sequence && !sequence.flow());
  }
}
