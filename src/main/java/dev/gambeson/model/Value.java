package dev.gambeson.model;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonToken;
import dev.gambeson.pod.Amount;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How one kind of value is read from JSON and written. A class and no interface, since it has so
 * many kinds that the compiler cannot tell which is meant: it calls a class faster then.
 *
 * @param <V> what stands for the value in the model
 */
abstract class Value<V> {
  static final Value<String> TEXT =
      new Value<>() {
        @Override
        String read(Source source) throws IOException {
          source.require(JsonToken.VALUE_STRING);
          return source.parser().getText();
        }

        @Override
        void write(String text, JsonGenerator json) throws IOException {
          json.writeString(text);
        }
      };

  static final Value<Integer> INTEGER =
      new Value<>() {
        @Override
        Integer read(Source source) throws IOException {
          source.require(JsonToken.VALUE_NUMBER_INT);
          return source.parser().getIntValue();
        }

        @Override
        void write(Integer number, JsonGenerator json) throws IOException {
          json.writeNumber(number);
        }
      };

  static final Value<Long> LONG =
      new Value<>() {
        @Override
        Long read(Source source) throws IOException {
          source.require(JsonToken.VALUE_NUMBER_INT);
          return source.parser().getLongValue();
        }

        @Override
        void write(Long number, JsonGenerator json) throws IOException {
          json.writeNumber(number);
        }
      };

  static final Value<Boolean> TRUTH =
      new Value<>() {
        @Override
        Boolean read(Source source) throws IOException {
          return source.parser().getBooleanValue();
        }

        @Override
        void write(Boolean truth, JsonGenerator json) throws IOException {
          json.writeBoolean(truth);
        }
      };

  static final Value<Quantity> QUANTITY =
      new Value<>() {
        @Override
        Quantity read(Source source) throws IOException {
          var quantity = Amount.parse(TEXT.read(source));
          if (quantity == null) {
            throw new UnusualException("no quantity");
          }
          return quantity;
        }

        @Override
        void write(Quantity quantity, JsonGenerator json) throws IOException {
          json.writeString(quantity.toString());
        }
      };

  static final Value<IntOrString> INTEGER_OR_TEXT =
      new Value<>() {
        @Override
        IntOrString read(Source source) throws IOException {
          return source.parser().hasToken(JsonToken.VALUE_STRING)
              ? new IntOrString(TEXT.read(source))
              : new IntOrString(INTEGER.read(source));
        }

        @Override
        void write(IntOrString either, JsonGenerator json) throws IOException {
          json.writePOJO(either);
        }
      };

  /** A value that nobody asks for: it is passed over, and not written. */
  static final Value<Boolean> SKIPPED =
      new Value<>() {
        @Override
        Boolean read(Source source) throws IOException {
          source.parser().skipChildren();
          return true;
        }

        @Override
        void write(Boolean skipped, JsonGenerator json) {}
      };

  /**
   * Reads the value.
   *
   * @param source at its first token, which is not null; at its last one afterwards
   * @throws UnusualException if it has another type
   */
  abstract V read(Source source) throws IOException;

  /** Writes the value. */
  abstract void write(V value, JsonGenerator json) throws IOException;

  /** A list, each element of which is read and written so. */
  static final class ListOf<E> extends Value<List<E>> {
    private final Value<E> element;

    ListOf(Value<E> element) {
      this.element = element;
    }

    @Override
    List<E> read(Source source) throws IOException {
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

    @Override
    void write(List<E> list, JsonGenerator json) throws IOException {
      json.writeStartArray();
      for (var each : list) {
        element.write(each, json);
      }
      json.writeEndArray();
    }
  }

  /** A map, each value of which is read and written so. */
  static final class MapOf<V> extends Value<Map<String, V>> {
    private final Value<V> value;

    MapOf(Value<V> value) {
      this.value = value;
    }

    @Override
    Map<String, V> read(Source source) throws IOException {
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

    @Override
    void write(Map<String, V> map, JsonGenerator json) throws IOException {
      json.writeStartObject();
      for (var entry : map.entrySet()) {
        json.writeFieldName(entry.getKey());
        value.write(entry.getValue(), json);
      }
      json.writeEndObject();
    }
  }

  /** A value that is too rare to be described here: Jackson's binding reads and writes it. */
  static <V> Value<V> rare(Class<V> type) {
    return new Value<>() {
      @Override
      V read(Source source) throws IOException {
        return source.parser().readValueAs(type);
      }

      @Override
      void write(V value, JsonGenerator json) throws IOException {
        json.writePOJO(value);
      }
    };
  }
}
