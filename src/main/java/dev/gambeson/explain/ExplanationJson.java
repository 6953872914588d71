package dev.gambeson.explain;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import java.util.Objects;

/** An explanation for programs. */
public final class ExplanationJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String API_VERSION = "explain.gambeson.dev/v1alpha1";

  private ExplanationJson() {}

  /** The JSON; ends with a line feed. */
  public static String of(Explanation explanation) {
    var root = MAPPER.createObjectNode();
    root.put("apiVersion", API_VERSION).put("kind", "PodExplanation");
    root.put("namespace", explanation.namespace());
    root.put("name", explanation.name());
    root.put("state", explanation.state());
    root.put("profile", explanation.profile());
    root.put("comparedWith", explanation.origin());
    root.put("place", explanation.place());
    var diagnoses = root.putArray("diagnoses");
    for (var diagnosis : explanation.diagnoses()) {
      var node = diagnoses.addObject();
      node.put("rule", diagnosis.rule());
      node.put("certainty", diagnosis.rule() == null ? null : diagnosis.certainty().toString());
      node.put("container", diagnosis.container().isEmpty() ? null : diagnosis.container());
      node.put("path", diagnosis.field() == null ? null : Objects.toString(diagnosis.field()));
      node.put("what", diagnosis.what());
      node.put("why", diagnosis.why());
      texts(node.putArray("evidence"), diagnosis.evidence());
      var remedies = node.putArray("remedies");
      for (var remedy : diagnosis.remedies()) {
        var written = remedies.addObject();
        written.put("what", remedy.what());
        written.put("yaml", remedy.yaml().isEmpty() ? null : remedy.yaml());
        texts(written.putArray("exemptions"), remedy.exemptions());
      }
    }
    var filled = root.putArray("filled");
    for (var field : explanation.filled()) {
      filled
          .addObject()
          .put("rule", field.rule())
          .put("path", field.path().toString())
          .put("certainty", field.certainty().toString())
          .put("why", ExplanationText.summary(field.rule()))
          .set("value", field.value());
    }
    texts(root.putArray("applied"), explanation.applied());
    texts(root.putArray("notes"), explanation.notes());
    return root.toPrettyString() + "\n";
  }

  private static void texts(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }
}
