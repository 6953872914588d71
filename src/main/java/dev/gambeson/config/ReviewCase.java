package dev.gambeson.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.Doc;
import dev.gambeson.yaml.YamlDocument;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A test of a configuration: a pod, how it is judged, and what is expected. What is not expected
 * explicitly, not even as an empty list, may be anything.
 *
 * @param pod the pod, or another object that describes one; null where {@code file} names it
 * @param file a file of manifests, below the folder of the case
 */
public record ReviewCase(
    @Doc("What the case shows.") @Nullable String name,
    @Doc("The pod, or another object that describes one. Without apiVersion and kind, a Pod of v1.")
        @Nullable ObjectNode pod,
    @Doc(
            "The file of manifests with the pod, in place of pod. Its path begins at the case's folder.")
        @Nullable String file,
    @Doc("The profile. Without it, the namespace chooses.") @Nullable String profile,
    @Doc("The namespace of objects that name none.") @Nullable String namespace,
    @Doc("Who creates Pods.") @Nullable String user,
    @Doc("The groups of this user.") List<String> groups,
    @Doc("The day of the verdict. Without it, today.") @Nullable LocalDate asOf,
    @Doc(
            "The rules whose fixes change the pod; a field may follow: Timezone spec.containers[0].env.")
        @Nullable List<String> fixes,
    @Doc("The violations that the fixes leave, by mode.") @Nullable ExpectedViolations violations) {

  /** The rules that are violated, by the mode of their check; a field may follow. */
  public record ExpectedViolations(
      @Doc("What refuses the pod.") @Nullable List<String> enforce,
      @Doc("What is warned of.") @Nullable List<String> warn,
      @Doc("What is only audited.") @Nullable List<String> audit) {
    private boolean expectsNothing() {
      return enforce == null && warn == null && audit == null;
    }
  }

  private static final ValueType VIOLATED = new ListType(NameType.VIOLATED);

  private static final ObjectType TYPE =
      RecordType.of(
          ReviewCase.class,
          Map.of(
              "pod",
              new Manifest(),
              "fixes",
              new ListType(NameType.FIXED),
              "violations",
              RecordType.of(
                  ExpectedViolations.class,
                  Map.of("enforce", VIOLATED, "warn", VIOLATED, "audit", VIOLATED))));

  public ReviewCase {
    if (pod == null && file == null) {
      throw new IllegalArgumentException(
          "pod: is missing: write it here, or the name of its file as file");
    }
    if (pod != null && file != null) {
      throw new IllegalArgumentException("file: stands beside pod: write one of them");
    }
    groups = List.copyOf(groups);
  }

  /** Whether the case would pass whatever is found. */
  public boolean expectsNothing() {
    return fixes == null && (violations == null || violations.expectsNothing());
  }

  /**
   * Reads a case.
   *
   * @param source the file's name
   * @throws ConfigurationException if anything at all is wrong with it
   */
  public static ReviewCase read(YamlDocument document, String source)
      throws ConfigurationException {
    var problems = new Problems();
    var reporter = new ConfigurationDocument(source, document, problems);
    var read = (ReviewCase) TYPE.read(document.value(), FieldPath.ROOT, reporter);
    if (read == null || !problems.all().isEmpty()) {
      throw new ConfigurationException(problems.all());
    }
    return read;
  }

  /** Objects that the review reads. */
  private record Manifest() implements ValueType {
    @Override
    public String wanted() {
      return "an object";
    }

    @Override
    public @Nullable Object read(JsonNode node, FieldPath path, ProblemReporter problems) {
      if (node instanceof ObjectNode object) {
        return object;
      }
      problems.report(path, "must be an object, not " + ValueInWords.of(node));
      return null;
    }

    @Override
    public Object standIn(JsonNode node) {
      return JsonNodeFactory.instance.objectNode();
    }

    @Override
    public JsonNode write(Object value) {
      return (ObjectNode) value;
    }

    @Override
    public ObjectNode schema() {
      return JsonNodeFactory.instance.objectNode().put("type", "object");
    }
  }
}
