package dev.gambeson.admission;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import dev.gambeson.model.ModelWriter;
import dev.gambeson.pod.PatchOperation;
import java.io.IOException;
import java.util.List;

/** Writes operations as RFC 6902 spells them. */
final class PatchWriter {
  private static final SerializableString OP = new SerializedString("op");
  private static final SerializableString ADD = new SerializedString("add");
  private static final SerializableString REPLACE = new SerializedString("replace");
  private static final SerializableString REMOVE = new SerializedString("remove");
  private static final SerializableString PATH = new SerializedString("path");
  private static final SerializableString VALUE = new SerializedString("value");

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
      json.writeFieldName(OP);
      json.writeString(
          switch (operation.op()) {
            case ADD -> ADD;
            case REPLACE -> REPLACE;
            case REMOVE -> REMOVE;
          });
      json.writeFieldName(PATH);
      json.writeString(operation.path().pointer());
      if (operation.value() != null) {
        json.writeFieldName(VALUE);
        ModelWriter.write(operation.value(), json);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
