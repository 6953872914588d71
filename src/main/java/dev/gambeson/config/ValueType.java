package dev.gambeson.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.pod.FieldPath;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the configuration writes values of one Java type: to read, to write and to describe them. */
sealed interface ValueType permits ScalarType, ListType, MapType, RecordType, FragmentType {

  /** The value of a node; null where something was reported. */
  @Nullable Object read(JsonNode node, FieldPath path, Reporter problems);

  /** The node of a value; it reads back as an equal one. */
  JsonNode write(Object value);

  /** The JSON schema of the nodes. */
  ObjectNode schema();

  /** What an absent node stands for; null where it must not be absent. */
  default @Nullable Object absent() {
    return null;
  }

  /**
   * What takes the place of a value that cannot be read, so that what is beside it is checked all
   * the same; null where nothing can.
   */
  default @Nullable Object standIn(JsonNode node) {
    return null;
  }

  /**
   * The type of a record's component.
   *
   * @throws IllegalArgumentException if the configuration cannot write such values
   */
  static ValueType of(Type type) {
    if (type instanceof ParameterizedType generic) {
      var arguments = generic.getActualTypeArguments();
      if (generic.getRawType() == List.class) {
        return new ListType(of(arguments[0]));
      }
      if (generic.getRawType() == Map.class && arguments[0] == String.class) {
        return new MapType(of(arguments[1]));
      }
    }
    if (type instanceof Class<?> plain) {
      if (FragmentType.isFragment(plain)) {
        return new FragmentType(plain);
      }
      return plain.isRecord() && !ScalarType.RECORDS.contains(plain)
          ? new RecordType(plain)
          : ScalarType.of(plain);
    }
    throw new IllegalArgumentException("no configuration of type " + type);
  }
}
