package dev.gambeson.review;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.Violation;
import dev.gambeson.yaml.DocumentText;
import dev.gambeson.yaml.Position;
import dev.gambeson.yaml.YamlDocument;
import dev.gambeson.yaml.YamlException;
import dev.gambeson.yaml.YamlReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Texts of Kubernetes objects, YAML or JSON. What cannot be read or judged is a problem in the list
 * of problems, and the rest is read and judged all the same.
 */
public final class Manifests {
  private static final String RENDER = " (a template? render it first: helm template)";
  private static final int NAMED_STRANGERS = 5;

  /**
   * A file.
   *
   * @param text its text, byte for byte
   */
  public record File(String name, String text, List<Document> documents) {
    public File {
      documents = List.copyOf(documents);
    }
  }

  /**
   * A document of a file.
   *
   * @param value null where it cannot be read
   */
  public record Document(
      DocumentText source, @Nullable YamlDocument value, List<KubernetesObject> objects) {
    public Document {
      objects = List.copyOf(objects);
    }
  }

  /**
   * What could not be read or judged.
   *
   * @param file empty where the problem is not with a file's text
   * @param document its number in the file
   * @param position null where the problem is not with a file's text
   * @param reason one line
   */
  public record Problem(String file, int document, @Nullable Position position, String reason) {
    /** One line with the position. */
    @Override
    public String toString() {
      return position == null
          ? reason
          : "%s: document %d, line %d, column %d: %s"
              .formatted(file, document, position.line(), position.column(), reason);
    }
  }

  private final List<File> files = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private final List<String> strangers = new ArrayList<>();

  /** Reads a text, of a file of that name. */
  public void add(String name, String text) {
    if (!add(name, text, true)) {
      addRemark(name + ": there is no Kubernetes object in it");
    }
  }

  /**
   * Reads a text of a file that nobody named: a folder or a pattern stood for it. Where it contains
   * no Kubernetes object, it is for something else.
   */
  void addFound(String name, String text) {
    if (!add(name, text, false)) {
      files.removeLast();
      strangers.add(name);
    }
  }

  /** Returns whether there is an object, or a mistake. */
  private boolean add(String name, String text, boolean isManifest) {
    var documents = new ArrayList<Document>();
    int before = problems.size();
    for (var source : YamlReader.split(text)) {
      documents.add(document(name, source, isManifest));
    }
    files.add(new File(name, text, documents));
    return problems.size() > before
        || documents.stream().anyMatch(document -> !document.objects().isEmpty());
  }

  public List<File> files() {
    return Collections.unmodifiableList(files);
  }

  /** All objects, those too that describe no pod. */
  public Stream<KubernetesObject> objects() {
    return files.stream()
        .flatMap(file -> file.documents().stream())
        .flatMap(document -> document.objects().stream());
  }

  /** Everything that could not be read or judged, each in one line with its position. */
  public List<String> problems() {
    return problems.stream().map(Problem::toString).toList();
  }

  /** The same, each with its place. */
  public List<Problem> placedProblems() {
    return Collections.unmodifiableList(problems);
  }

  /** What else there is to say of what was read, each in one line. */
  public List<String> remarks() {
    var all = new ArrayList<>(remarks);
    if (!strangers.isEmpty()) {
      all.add(
          "passed over, without a Kubernetes object: "
              + strangers.stream().limit(NAMED_STRANGERS).collect(Collectors.joining(", "))
              + (strangers.size() > NAMED_STRANGERS
                  ? " and %d more files".formatted(strangers.size() - NAMED_STRANGERS)
                  : ""));
    }
    return all;
  }

  void addRemark(String line) {
    remarks.add(Violation.clean(line));
  }

  /** Adds what is wrong, in one line. */
  public void addProblem(String line) {
    problems.add(new Problem("", 0, null, Violation.clean(line)));
  }

  /** Adds what is wrong with a document. */
  void addProblem(String file, DocumentText source, Position position, String reason) {
    problems.add(
        new Problem(Violation.clean(file), source.number(), position, Violation.clean(reason)));
  }

  private Document document(String file, DocumentText source, boolean isManifest) {
    try {
      var document = YamlReader.read(source);
      var objects = new ArrayList<KubernetesObject>();
      if (!document.value().isNull() && (isManifest || isLikeAnObject(document.value()))) {
        collect(file, document, FieldPath.ROOT, document.value(), "", "", objects);
      }
      return new Document(source, document, objects);
    } catch (YamlException e) {
      addProblem(
          file, source, e.position(), e.reason() + (source.text().contains("{{") ? RENDER : ""));
      return new Document(source, null, List.of());
    }
  }

  /** Values of a Helm chart, workflows and packages have none of it, or one alone. */
  private static boolean isLikeAnObject(JsonNode value) {
    return Stream.of("apiVersion", "kind", "metadata").filter(value::has).count() > 1;
  }

  /** Items of a typed list, a PodList for example, need not say what they are. */
  private void collect(
      String file,
      YamlDocument document,
      FieldPath path,
      JsonNode value,
      String typedVersion,
      String typedKind,
      List<KubernetesObject> objects) {
    var apiVersion = value.path("apiVersion").asText(typedVersion);
    var kind = value.path("kind").asText(typedKind);
    if (kind.isEmpty() || apiVersion.isEmpty()) {
      addProblem(
          file,
          document.source(),
          document.valueAt(path.pointer()),
          "this is not a Kubernetes object: it has no " + (kind.isEmpty() ? "kind" : "apiVersion"));
      return;
    }
    var misspelt = MisspeltKind.problem(apiVersion, kind);
    if (misspelt.isPresent()) {
      addProblem(
          file, document.source(), document.valueAt(path.field("kind").pointer()), misspelt.get());
      return;
    }
    if (!kind.endsWith("List") || !value.path("items").isArray()) {
      objects.add(new KubernetesObject(apiVersion, kind, path, value));
      return;
    }
    var itemKind = kind.substring(0, kind.length() - "List".length());
    var items = value.path("items");
    for (int i = 0; i < items.size(); i++) {
      collect(
          file,
          document,
          path.field("items").index(i),
          items.path(i),
          itemKind.isEmpty() ? "" : apiVersion,
          itemKind,
          objects);
    }
  }
}
