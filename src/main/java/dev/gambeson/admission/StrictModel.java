package dev.gambeson.admission;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.gambeson.pod.Amount;
import dev.gambeson.pod.FieldPath;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.util.Collection;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The model read as the Kubernetes API reads it: nothing is converted into another type. */
public final class StrictModel {
  private StrictModel() {}

  /** A mapper that reads the model so. */
  public static JsonMapper.Builder configure(JsonMapper.Builder mapper) {
    return mapper
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .withCoercionConfig(
            LogicalType.Textual,
            coercion ->
                Stream.of(
                        CoercionInputShape.Integer,
                        CoercionInputShape.Float,
                        CoercionInputShape.Boolean)
                    .forEach(shape -> coercion.setCoercion(shape, CoercionAction.Fail)))
        .addMixIn(Quantity.class, CheckedQuantity.class);
  }

  /** A quantity; null for what is none. */
  public static @Nullable Quantity quantity(JsonNode node) {
    return node.isTextual() || node.isNumber() ? Amount.parse(node.asText()) : null;
  }

  /** The field that could not be read. */
  public static FieldPath path(JsonMappingException e) {
    return FieldPath.of(
        e.getPath().stream()
            .map(step -> step.getFieldName() != null ? step.getFieldName() : step.getIndex())
            .toArray());
  }

  /**
   * What a field wants, in words.
   *
   * @param target the type of the model; null where it is not known
   */
  public static String wanted(@Nullable Class<?> target) {
    if (target == String.class) {
      return "a string";
    }
    if (target == Integer.class || target == Long.class) {
      return "an integer";
    }
    if (target == Boolean.class) {
      return "true or false";
    }
    if (target == Quantity.class) {
      return "a quantity, 100m or 128Mi for example";
    }
    return target != null && Collection.class.isAssignableFrom(target)
        ? "a list: [a, b]"
        : "an object: {key: value}";
  }

  @JsonDeserialize(using = QuantityReader.class)
  private interface CheckedQuantity {}

  /** The model's own takes any text. */
  private static final class QuantityReader extends StdDeserializer<Quantity> {
    private static final long serialVersionUID = 1L;

    QuantityReader() {
      super(Quantity.class);
    }

    @Override
    public Quantity deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      var quantity =
          parser.hasToken(JsonToken.VALUE_STRING)
              ? Amount.parse(parser.getText())
              : quantity(parser.readValueAsTree());
      return quantity != null
          ? quantity
          : context.reportInputMismatch(Quantity.class, "no quantity");
    }
  }
}
