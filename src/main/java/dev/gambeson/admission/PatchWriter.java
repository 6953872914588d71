package dev.gambeson.admission;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.gambeson.model.ModelWriter;
import dev.gambeson.pod.PatchOperation;
import java.io.IOException;
import java.util.List;

/** Writes operations as RFC 6902 spells them. */
final class PatchWriter {
  private PatchWriter() {}

  /**
   * Writes a JSON Patch.
   *
   * @param json its codec writes what is rare in the values
   */
  static void write(List<PatchOperation> operations, JsonGenerator json) throws IOException {
    json.writeStartArray();
    for (var operation : operations) {
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
        json.writeFieldName("value");
        ModelWriter.write(operation.value(), json);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
