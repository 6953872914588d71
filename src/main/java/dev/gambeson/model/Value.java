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
 * How one kind of value is read from JSON and written.
 *
 * @param <V> what stands for the value in the model
 */
interface Value<V> {
  Value<String> TEXT =
      new Value<>() {
        @Override
        public String read(Source source) throws IOException {
          source.require(JsonToken.VALUE_STRING);
          return source.parser().getText();
        }

        @Override
        public void write(String text, JsonGenerator json) throws IOException {
          json.writeString(text);
        }
      };

  Value<Integer> INTEGER =
      new Value<>() {
        @Override
        public Integer read(Source source) throws IOException {
          source.require(JsonToken.VALUE_NUMBER_INT);
          return source.parser().getIntValue();
        }

        @Override
        public void write(Integer number, JsonGenerator json) throws IOException {
          json.writeNumber(number);
        }
      };

  Value<Long> LONG =
      new Value<>() {
        @Override
        public Long read(Source source) throws IOException {
          source.require(JsonToken.VALUE_NUMBER_INT);
          return source.parser().getLongValue();
        }

        @Override
        public void write(Long number, JsonGenerator json) throws IOException {
          json.writeNumber(number);
        }
      };

  Value<Boolean> TRUTH =
      new Value<>() {
        @Override
        public Boolean read(Source source) throws IOException {
          return source.parser().getBooleanValue();
        }

        @Override
        public void write(Boolean truth, JsonGenerator json) throws IOException {
          json.writeBoolean(truth);
        }
      };

  Value<Quantity> QUANTITY =
      new Value<>() {
        @Override
        public Quantity read(Source source) throws IOException {
          var quantity = Amount.parse(TEXT.read(source));
          if (quantity == null) {
            throw new UnusualException("no quantity");
          }
          return quantity;
        }

        @Override
        public void write(Quantity quantity, JsonGenerator json) throws IOException {
          json.writeString(quantity.toString());
        }
      };

  Value<IntOrString> INTEGER_OR_TEXT =
      new Value<>() {
        @Override
        public IntOrString read(Source source) throws IOException {
          return source.parser().hasToken(JsonToken.VALUE_STRING)
              ? new IntOrString(TEXT.read(source))
              : new IntOrString(INTEGER.read(source));
        }

        @Override
        public void write(IntOrString either, JsonGenerator json) throws IOException {
          json.writePOJO(either);
        }
      };

  /** A value that nobody asks for: it is passed over, and not written. */
  Value<Boolean> SKIPPED =
      new Value<>() {
        @Override
        public Boolean read(Source source) throws IOException {
          source.parser().skipChildren();
          return true;
        }

        @Override
        public void write(Boolean skipped, JsonGenerator json) {}
      };

  /**
   * Reads the value.
   *
   * @param source at its first token, which is not null; at its last one afterwards
   * @throws UnusualException if it has another type
   */
  V read(Source source) throws IOException;

  /** Writes the value. */
  void write(V value, JsonGenerator json) throws IOException;

  /** A list, each element of which is read and written so. */
  record ListOf<E>(Value<E> element) implements Value<List<E>> {
    @Override
    public List<E> read(Source source) throws IOException {
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
    public void write(List<E> list, JsonGenerator json) throws IOException {
      json.writeStartArray();
      for (var each : list) {
        element.write(each, json);
      }
      json.writeEndArray();
    }
  }

  /** A map, each value of which is read and written so. */
  record MapOf<V>(Value<V> value) implements Value<Map<String, V>> {
    @Override
    public Map<String, V> read(Source source) throws IOException {
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
    public void write(Map<String, V> map, JsonGenerator json) throws IOException {
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
      public V read(Source source) throws IOException {
        return source.parser().readValueAs(type);
      }

      @Override
      public void write(V value, JsonGenerator json) throws IOException {
        json.writePOJO(value);
      }
    };
  }
}
