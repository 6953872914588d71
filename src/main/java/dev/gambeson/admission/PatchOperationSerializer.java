package dev.gambeson.admission;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.gambeson.pod.PatchOperation;
import java.io.IOException;

/** Writes an operation as RFC 6902 spells it. */
final class PatchOperationSerializer extends StdSerializer<PatchOperation> {
  private static final long serialVersionUID = 1L;

  PatchOperationSerializer() {
    super(PatchOperation.class);
  }

  @Override
  public void serialize(
      PatchOperation operation, JsonGenerator json, SerializerProvider serializers)
      throws IOException {
    json.writeStartObject();
    json.writeStringField(
        "op",
        switch (operation.op()) {
          case ADD -> "add";
          case REPLACE -> "replace";
          case REMOVE -> "remove";
        });
    json.writeStringField("path", operation.path().pointer());
    if (operation.value() != null) {
      serializers.defaultSerializeField("value", operation.value(), json);
    }
    json.writeEndObject();
  }
}
