package dev.gambeson.model;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How one kind of object is read from JSON and written: its fields, each with the place of its
 * value in the model.
 *
 * @param <T> the object's type in the model
 */
final class Shape<T> extends Value<T> {
  private final Class<T> type;
  private final Supplier<T> empty;
  private final Function<T, Map<String, Object>> unknown;

  /** By their names, in the order in which they are written. */
  private final Map<String, Field<T, ?>> fields = new LinkedHashMap<>();

  /**
   * Creates a shape without fields.
   *
   * @param empty makes an object without fields
   * @param unknown the fields of an object that the model does not know
   */
  Shape(Class<T> type, Supplier<T> empty, Function<T, Map<String, Object>> unknown) {
    this.type = type;
    this.empty = empty;
    this.unknown = unknown;
  }

  private record Field<T, V>(
      SerializableString name, Value<V> value, Function<T, @Nullable V> get, BiConsumer<T, V> set) {

    void read(Source source, T object) throws IOException {
      set.accept(object, value.read(source));
    }

    void write(T object, JsonGenerator json) throws IOException {
      var content = get.apply(object);
      if (content != null && !isEmpty(content)) {
        json.writeFieldName(name);
        value.write(content, json);
      }
    }

    /** The model has an empty list where a pod has none. */
    private static boolean isEmpty(Object content) {
      return (content instanceof List<?> list && list.isEmpty())
          || (content instanceof Map<?, ?> map && map.isEmpty());
    }
  }

  <V> Shape<T> with(
      String name, Value<V> value, Function<T, @Nullable V> get, BiConsumer<T, V> set) {
    fields.put(name, new Field<>(new SerializedString(name), value, get, set));
    return this;
  }

  Shape<T> text(String name, Function<T, @Nullable String> get, BiConsumer<T, String> set) {
    return with(name, TEXT, get, set);
  }

  Shape<T> integer(String name, Function<T, @Nullable Integer> get, BiConsumer<T, Integer> set) {
    return with(name, INTEGER, get, set);
  }

  Shape<T> longInteger(String name, Function<T, @Nullable Long> get, BiConsumer<T, Long> set) {
    return with(name, LONG, get, set);
  }

  Shape<T> truth(String name, Function<T, @Nullable Boolean> get, BiConsumer<T, Boolean> set) {
    return with(name, TRUTH, get, set);
  }

  <E> Shape<T> list(
      String name, Value<E> element, Function<T, List<E>> get, BiConsumer<T, List<E>> set) {
    return with(name, new Value.ListOf<>(element), get, set);
  }

  <V> Shape<T> map(
      String name,
      Value<V> value,
      Function<T, @Nullable Map<String, V>> get,
      BiConsumer<T, Map<String, V>> set) {
    return with(name, new Value.MapOf<>(value), get, set);
  }

  /** A field that nobody asks for: it is passed over, and not written. */
  Shape<T> skipped(String name) {
    return with(name, SKIPPED, object -> null, (object, skipped) -> {});
  }

  Class<T> type() {
    return type;
  }

  @Override
  T read(Source source) throws IOException {
    source.require(JsonToken.START_OBJECT);
    var parser = source.parser();
    T object = empty.get();
    for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      var field = fields.get(name);
      if (field == null) {
        throw new UnusualException("an unknown field");
      }
      // As in the Kubernetes API: a field that is null is absent.
      if (parser.nextToken() != JsonToken.VALUE_NULL) {
        field.read(source, object);
      }
    }
    return object;
  }

  @Override
  void write(T object, JsonGenerator json) throws IOException {
    json.writeStartObject();
    for (var field : fields.values()) {
      field.write(object, json);
    }
    for (var other : unknown.apply(object).entrySet()) {
      json.writePOJOField(other.getKey(), other.getValue());
    }
    json.writeEndObject();
  }
}
