package dev.gambeson.model;

import com.fasterxml.jackson.core.JsonToken;
import dev.gambeson.pod.Amount;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;

/**
 * Reads one kind of value.
 *
 * @param <V> what stands for the value in the model
 */
interface ValueReader<V> {
  ValueReader<String> TEXT =
      source -> {
        source.require(JsonToken.VALUE_STRING);
        return source.parser().getText();
      };
  ValueReader<Integer> INTEGER =
      source -> {
        source.require(JsonToken.VALUE_NUMBER_INT);
        return source.parser().getIntValue();
      };
  ValueReader<Long> LONG =
      source -> {
        source.require(JsonToken.VALUE_NUMBER_INT);
        return source.parser().getLongValue();
      };
  ValueReader<Boolean> TRUTH = source -> source.parser().getBooleanValue();
  ValueReader<Quantity> QUANTITY =
      source -> {
        var quantity = Amount.parse(TEXT.read(source));
        if (quantity == null) {
          throw new UnusualException("no quantity");
        }
        return quantity;
      };
  ValueReader<IntOrString> INTEGER_OR_TEXT =
      source ->
          source.parser().hasToken(JsonToken.VALUE_STRING)
              ? new IntOrString(TEXT.read(source))
              : new IntOrString(INTEGER.read(source));

  /**
   * Reads the value.
   *
   * @param source at its first token, which is not null; at its last one afterwards
   * @throws UnusualException if it has another type
   */
  V read(Source source) throws IOException;
}
