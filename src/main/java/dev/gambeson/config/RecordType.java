package dev.gambeson.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.Doc;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Records: maps with one key for each component. */
record RecordType(Class<?> type, List<Component> components) implements ValueType {
  /**
   * One key.
   *
   * @param optional whether null stands for its absence
   * @param doc empty where the component has none
   */
  record Component(
      String name, ValueType type, boolean optional, String doc, Class<?> erased, Method accessor) {
    static Component of(RecordComponent component, Map<String, ValueType> given) {
      var doc = component.getAnnotation(Doc.class);
      component.getAccessor().setAccessible(true);
      return new Component(
          component.getName(),
          given.containsKey(component.getName())
              ? given.get(component.getName())
              : ValueType.of(component.getGenericType()),
          component.getAnnotatedType().isAnnotationPresent(Nullable.class),
          doc == null ? "" : doc.value().strip(),
          component.getType(),
          component.getAccessor());
    }

    ObjectNode described() {
      var schema = type.schema();
      return doc.isEmpty() ? schema : schema.put("description", doc);
    }

    @Nullable Object of(Object value) {
      try {
        return accessor.invoke(value);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  RecordType(Class<?> type) {
    this(type, Map.of());
  }

  /** With the types of components that do not say them. */
  RecordType(Class<?> type, Map<String, ValueType> given) {
    this(
        type,
        Stream.of(type.getRecordComponents())
            .map(component -> Component.of(component, given))
            .toList());
  }

  List<String> names() {
    return components.stream().map(Component::name).toList();
  }

  /** The component of that name; null where there is none. */
  @Nullable Component component(String name) {
    return components.stream()
        .filter(component -> component.name.equals(name))
        .findFirst()
        .orElse(null);
  }

  /** The type of a component; null where there is none of that name. */
  @Nullable ValueType typeOf(String name) {
    var component = component(name);
    return component == null ? null : component.type;
  }

  @Override
  public @Nullable Object read(JsonNode node, FieldPath path, Reporter problems) {
    return read(node, path, problems, null);
  }

  /**
   * Reads a record.
   *
   * @param defaults what absent scalars have; null where they must be given
   */
  @Nullable Object read(
      JsonNode node, FieldPath path, Reporter problems, @Nullable Object defaults) {
    if (!node.isObject()) {
      problems.report(path, "must be an object with " + String.join(", ", names()));
      return null;
    }
    var unread = new HashSet<String>();
    for (var entry : node.properties()) {
      if (!names().contains(entry.getKey())) {
        problems.report(
            path.field(entry.getKey()),
            "there is no such key" + Suggestion.text(entry.getKey(), names()));
        unread.add(entry.getKey());
      }
    }
    var arguments = new ArrayList<@Nullable Object>();
    boolean makeable = true;
    for (var component : components) {
      var at = path.field(component.name);
      var given = node.get(component.name);
      Object value;
      if (given != null && !given.isNull()) {
        value = component.type.read(given, at, problems);
        if (value == null) {
          var standIn = component.type.standIn(given);
          value = standIn == null && defaults != null ? component.of(defaults) : standIn;
          unread.add(component.name);
        }
      } else if (component.optional) {
        value = null;
      } else {
        value = component.type.absent();
        if (value == null && defaults != null) {
          value = component.of(defaults);
        }
        if (value == null) {
          problems.report(at, component.name + " is missing");
          value = component.type.standIn(MissingNode.getInstance());
          unread.add(component.name);
        }
      }
      makeable &= value != null || component.optional;
      arguments.add(value);
    }
    if (makeable && unread.isEmpty()) {
      try {
        return make(arguments);
      } catch (IllegalArgumentException e) {
        // Reported below.
      }
    }
    if (makeable) {
      new RecordMistakes(this, arguments, defaults, unread, path, problems).report();
    }
    return null;
  }

  /**
   * Makes the record.
   *
   * @throws IllegalArgumentException if it refuses its components
   */
  Object make(List<@Nullable Object> arguments) {
    try {
      var constructor =
          type.getDeclaredConstructor(
              components.stream().map(Component::erased).toArray(Class[]::new));
      constructor.setAccessible(true);
      return constructor.newInstance(arguments.toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        throw refused;
      }
      throw new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public ObjectNode write(Object value) {
    var object = JsonNodeFactory.instance.objectNode();
    for (var component : components) {
      var each = component.of(value);
      if (each != null) {
        object.set(component.name, component.type.write(each));
      }
    }
    return object;
  }

  @Override
  public ObjectNode schema() {
    var schema = partialSchema();
    for (var component : components) {
      if (!component.optional && component.type.absent() == null) {
        schema.withObject("properties").set(component.name, component.described());
        schema.withArray("required").add(component.name);
      }
    }
    return schema;
  }

  /** The schema of a map whose absent keys stand for something. */
  ObjectNode partialSchema() {
    var schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    var properties = schema.putObject("properties");
    for (var component : components) {
      properties.set(component.name, Schemas.orNull(component.described()));
    }
    return schema.put("additionalProperties", false);
  }
}
