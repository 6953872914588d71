package dev.gambeson.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.pod.FieldPath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Objects with one key for each component.
 *
 * @param wanted what a value must be, in words
 * @param maker makes the value of those of the components; throws {@link IllegalArgumentException}
 *     if it refuses them
 * @param defaults what absent keys stand for, and values that cannot be read; null where the keys
 *     only mean something together: then a profile replaces the object as a whole
 * @param unknown what to say of a key that is no component
 */
record ObjectType(
    String wanted,
    List<Component> components,
    Function<List<@Nullable Object>, Object> maker,
    @Nullable Object defaults,
    UnaryOperator<String> unknown)
    implements ValueType {

  /** Objects of which there is nothing special to say. */
  ObjectType(List<Component> components, Function<List<@Nullable Object>, Object> maker) {
    this(wanted(components), components, maker, null, key -> "there is no such key");
  }

  static String wanted(List<Component> components) {
    return "an object with " + String.join(", ", components.stream().map(Component::name).toList());
  }

  ObjectType withDefaults(Object value) {
    return new ObjectType(wanted, components, maker, value, unknown);
  }

  /**
   * The same, with values of components before a profile says anything.
   *
   * @param tree holds them
   */
  ObjectType startingWith(ObjectNode tree) {
    return new ObjectType(
        wanted,
        components.stream()
            .map(component -> component.startingWith(tree.get(component.name())))
            .toList(),
        maker,
        defaults,
        unknown);
  }

  List<String> names() {
    return components.stream().map(Component::name).toList();
  }

  @Override
  public boolean mergesByKey() {
    return defaults != null;
  }

  @Override
  public @Nullable ValueType at(String key) {
    return components.stream()
        .filter(component -> component.name().equals(key))
        .findFirst()
        .map(Component::type)
        .orElse(null);
  }

  /** {@inheritDoc} Where there are defaults, they stand in for what was reported. */
  @Override
  public @Nullable Object read(JsonNode node, FieldPath path, ProblemReporter problems) {
    if (!node.isObject()) {
      problems.report(path, "must be " + wanted);
      return defaults;
    }
    var unread = new HashSet<String>();
    for (var entry : node.properties()) {
      var key = entry.getKey();
      if (at(key) == null) {
        problems.report(path.field(key), unknown.apply(key) + Suggestion.text(key, names()));
        unread.add(key);
      }
    }
    var arguments = new ArrayList<@Nullable Object>();
    boolean makeable = true;
    for (var component : components) {
      var at = path.field(component.name());
      var given = node.get(component.name());
      Object value;
      if (given != null && !given.isNull()) {
        value = component.type().read(given, at, problems);
        if (value == null) {
          var standIn = component.type().standIn(given);
          value = standIn == null ? byDefault(component) : standIn;
          unread.add(component.name());
        }
      } else if (component.optional()) {
        value = null;
      } else {
        value = absent(component);
        if (value == null) {
          problems.report(at, missing(component));
          value = component.type().standIn(MissingNode.getInstance());
          unread.add(component.name());
        }
      }
      makeable &= value != null || component.optional();
      arguments.add(value);
    }
    if (makeable && unread.isEmpty()) {
      try {
        return maker.apply(arguments);
      } catch (IllegalArgumentException e) {
        // Reported below.
      }
    }
    var corrected =
        makeable
            ? new RecordMistakes(
                    components,
                    maker,
                    defaults,
                    arguments,
                    unread,
                    (below, message) -> problems.report(below.under(path), message))
                .report()
            : arguments;
    return defaults == null ? null : readable(corrected, unread);
  }

  private @Nullable Object byDefault(Component component) {
    return defaults == null ? null : component.of(defaults);
  }

  private @Nullable Object absent(Component component) {
    var absent = component.type().absent();
    return absent == null ? byDefault(component) : absent;
  }

  private static String missing(Component component) {
    var only = component.type().schema().path("const");
    return only.isMissingNode()
        ? component.name() + " is missing"
        : "is missing: write " + component.name() + ": " + only.asText();
  }

  private @Nullable Object readable(List<@Nullable Object> corrected, Set<String> unread) {
    var arguments = new ArrayList<@Nullable Object>();
    for (int i = 0; i < components.size(); i++) {
      var component = components.get(i);
      arguments.add(unread.contains(component.name()) ? byDefault(component) : corrected.get(i));
    }
    try {
      return maker.apply(arguments);
    } catch (IllegalArgumentException e) {
      return defaults;
    }
  }

  @Override
  public ObjectNode write(Object value) {
    var object = JsonNodeFactory.instance.objectNode();
    for (var component : components) {
      var each = component.of(value);
      if (each != null) {
        object.set(component.name(), component.type().write(each));
      }
    }
    return object;
  }

  @Override
  public ObjectNode schema() {
    var schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    var properties = schema.putObject("properties");
    for (var component : components) {
      boolean required = !component.optional() && absent(component) == null;
      properties.set(component.name(), component.schema(required));
      if (required) {
        schema.withArray("required").add(component.name());
      }
    }
    return schema.put("additionalProperties", false);
  }

  /** What stands there before a profile says anything. */
  ObjectNode initial() {
    var tree = JsonNodeFactory.instance.objectNode();
    for (var component : components) {
      if (component.initial() != null) {
        tree.set(component.name(), component.initial().deepCopy());
      } else if (component.type() instanceof ObjectType type && type.mergesByKey()) {
        tree.set(component.name(), type.initial());
      }
    }
    return tree;
  }
}
