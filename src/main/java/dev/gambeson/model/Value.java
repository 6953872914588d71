package dev.gambeson.model;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonToken;
import dev.gambeson.pod.Amount;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;

/**
 * How one kind of value is read from JSON and written.
 *
 * @param <V> what stands for the value in the model
 */
interface Value<V> {
  Value<String> TEXT = of(Value::text, (text, json) -> json.writeString(text));
  Value<Integer> INTEGER = of(Value::integer, (number, json) -> json.writeNumber(number));
  Value<Long> LONG = of(Value::longInteger, (number, json) -> json.writeNumber(number));
  Value<Boolean> TRUTH =
      of(source -> source.parser().getBooleanValue(), (truth, json) -> json.writeBoolean(truth));
  Value<Quantity> QUANTITY =
      of(Value::quantity, (quantity, json) -> json.writeString(quantity.toString()));
  Value<IntOrString> INTEGER_OR_TEXT =
      of(
          source ->
              source.parser().hasToken(JsonToken.VALUE_STRING)
                  ? new IntOrString(text(source))
                  : new IntOrString(integer(source)),
          (either, json) -> json.writePOJO(either));

  /**
   * Reads the value.
   *
   * @param source at its first token, which is not null; at its last one afterwards
   * @throws UnusualException if it has another type
   */
  V read(Source source) throws IOException;

  /** Writes the value. */
  void write(V value, JsonGenerator json) throws IOException;

  /** See {@link Value#read}. */
  interface Reader<V> {
    V read(Source source) throws IOException;
  }

  /** See {@link Value#write}. */
  interface Writer<V> {
    void write(V value, JsonGenerator json) throws IOException;
  }

  /** A value that is read and written so. */
  static <V> Value<V> of(Reader<V> reader, Writer<V> writer) {
    return new Value<>() {
      @Override
      public V read(Source source) throws IOException {
        return reader.read(source);
      }

      @Override
      public void write(V value, JsonGenerator json) throws IOException {
        writer.write(value, json);
      }
    };
  }

  /** A value that is too rare to be described here: Jackson's binding reads and writes it. */
  static <V> Value<V> rare(Class<V> type) {
    return of(source -> source.parser().readValueAs(type), (value, json) -> json.writePOJO(value));
  }

  private static String text(Source source) throws IOException {
    source.require(JsonToken.VALUE_STRING);
    return source.parser().getText();
  }

  private static int integer(Source source) throws IOException {
    source.require(JsonToken.VALUE_NUMBER_INT);
    return source.parser().getIntValue();
  }

  private static long longInteger(Source source) throws IOException {
    source.require(JsonToken.VALUE_NUMBER_INT);
    return source.parser().getLongValue();
  }

  private static Quantity quantity(Source source) throws IOException {
    var quantity = Amount.parse(text(source));
    if (quantity == null) {
      throw new UnusualException("no quantity");
    }
    return quantity;
  }
}
