package dev.gambeson.model;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes parts of a pod as Jackson's binding does, faster. */
public final class ModelWriter {
  private static final Map<Class<?>, Shape<?>> SHAPES = new HashMap<>();

  static {
    for (var shape :
        List.of(
            ContainerShapes.CONTAINER,
            ContainerShapes.ENV_VAR,
            ContainerShapes.VOLUME_MOUNT,
            ContainerShapes.LIFECYCLE,
            ContainerShapes.PROBE,
            ContainerShapes.RESOURCE_REQUIREMENTS,
            ContainerShapes.SECURITY_CONTEXT,
            ContainerShapes.CAPABILITIES,
            ContainerShapes.SECCOMP_PROFILE,
            PodShapes.POD_SECURITY_CONTEXT,
            PodShapes.LOCAL_OBJECT_REFERENCE,
            SelectorShapes.AFFINITY,
            SelectorShapes.POD_ANTI_AFFINITY,
            SelectorShapes.TOLERATION,
            SelectorShapes.TOPOLOGY_SPREAD_CONSTRAINT,
            VolumeShapes.VOLUME,
            VolumeShapes.EMPTY_DIR_VOLUME_SOURCE)) {
      SHAPES.put(shape.type(), shape);
    }
  }

  private ModelWriter() {}

  /**
   * Writes a value.
   *
   * @param value a scalar, list, map or model object
   * @param json its codec writes what is rare
   */
  public static void write(@Nullable Object value, JsonGenerator json) throws IOException {
    switch (value) {
      case null -> json.writeNull();
      case String text -> json.writeString(text);
      case Boolean truth -> json.writeBoolean(truth);
      case Integer number -> json.writeNumber(number);
      case Long number -> json.writeNumber(number);
      case Quantity quantity -> Value.QUANTITY.write(quantity, json);
      case List<?> list -> {
        json.writeStartArray();
        for (var each : list) {
          write(each, json);
        }
        json.writeEndArray();
      }
      case Map<?, ?> map -> {
        json.writeStartObject();
        for (var entry : map.entrySet()) {
          json.writeFieldName(entry.getKey().toString());
          write(entry.getValue(), json);
        }
        json.writeEndObject();
      }
      default -> {
        var shape = SHAPES.get(value.getClass());
        if (shape == null) {
          json.writePOJO(value);
        } else {
          write(shape, value, json);
        }
      }
    }
  }

  private static <T> void write(Shape<T> shape, Object object, JsonGenerator json)
      throws IOException {
    shape.write(shape.type().cast(object), json);
  }
}
