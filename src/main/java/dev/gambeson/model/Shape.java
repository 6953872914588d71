package dev.gambeson.model;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Reads one kind of object: how each of its fields is read, and where its value goes.
 *
 * @param <T> the object's type in the model
 */
final class Shape<T> implements ValueReader<T> {
  private final Supplier<T> empty;
  private final Map<String, Field<T>> fields = new HashMap<>();

  private interface Field<T> {
    void read(Source source, T object) throws IOException;
  }

  /**
   * Creates a reader that knows no fields.
   *
   * @param empty makes an object without fields
   */
  Shape(Supplier<T> empty) {
    this.empty = empty;
  }

  <V> Shape<T> with(String name, ValueReader<V> reader, BiConsumer<T, V> setter) {
    fields.put(name, (source, object) -> setter.accept(object, reader.read(source)));
    return this;
  }

  Shape<T> text(String name, BiConsumer<T, String> setter) {
    return with(name, TEXT, setter);
  }

  Shape<T> integer(String name, BiConsumer<T, Integer> setter) {
    return with(name, INTEGER, setter);
  }

  Shape<T> longInteger(String name, BiConsumer<T, Long> setter) {
    return with(name, LONG, setter);
  }

  Shape<T> truth(String name, BiConsumer<T, Boolean> setter) {
    return with(name, TRUTH, setter);
  }

  <E> Shape<T> list(String name, ValueReader<E> element, BiConsumer<T, List<E>> setter) {
    return with(name, source -> readList(source, element), setter);
  }

  <V> Shape<T> map(String name, ValueReader<V> value, BiConsumer<T, Map<String, V>> setter) {
    return with(name, source -> readMap(source, value), setter);
  }

  /** A field that is too rare for a reader of its own: Jackson reads it. */
  <V> Shape<T> rare(String name, Class<V> type, BiConsumer<T, V> setter) {
    return with(name, source -> source.parser().readValueAs(type), setter);
  }

  /** A list that is too rare for a reader of its own: Jackson reads its elements. */
  <E> Shape<T> rareList(String name, Class<E> type, BiConsumer<T, List<E>> setter) {
    return list(name, source -> source.parser().readValueAs(type), setter);
  }

  /** A field that nobody asks for. */
  Shape<T> skipped(String name) {
    fields.put(name, (source, object) -> source.parser().skipChildren());
    return this;
  }

  /** The names of its fields. */
  Set<String> fields() {
    return fields.keySet();
  }

  @Override
  public T read(Source source) throws IOException {
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

  private static <E> List<E> readList(Source source, ValueReader<E> element) throws IOException {
    source.require(JsonToken.START_ARRAY);
    var list = new ArrayList<E>();
    while (source.parser().nextToken() != JsonToken.END_ARRAY) {
      if (source.parser().hasToken(JsonToken.VALUE_NULL)) {
        throw new UnusualException("null in a list");
      }
      source.countElement();
      list.add(element.read(source));
    }
    return list;
  }

  private static <V> Map<String, V> readMap(Source source, ValueReader<V> value)
      throws IOException {
    source.require(JsonToken.START_OBJECT);
    var parser = source.parser();
    var map = new LinkedHashMap<String, V>();
    for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      if (parser.nextToken() != JsonToken.VALUE_NULL) {
        source.countElement();
        map.put(name, value.read(source));
      }
    }
    return map;
  }
}
