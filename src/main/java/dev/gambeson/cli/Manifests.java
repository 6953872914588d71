package dev.gambeson.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.Violation;
import dev.gambeson.yaml.DocumentText;
import dev.gambeson.yaml.Position;
import dev.gambeson.yaml.YamlDocument;
import dev.gambeson.yaml.YamlException;
import dev.gambeson.yaml.YamlReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Files of Kubernetes objects, YAML or JSON. What cannot be read is a problem in the list of
 * problems, and the rest is read all the same.
 */
final class Manifests {
  private static final String STANDARD_INPUT = "-";
  private static final String RENDER = " (a template? render it first: helm template)";

  /**
   * A file.
   *
   * @param text its text, byte for byte
   */
  record File(String name, String text, List<Document> documents) {}

  /**
   * A document of a file.
   *
   * @param value null where it cannot be read
   */
  record Document(
      DocumentText source, @Nullable YamlDocument value, List<KubernetesObject> objects) {}

  /**
   * An object of a document: the document itself, or an item of a {@code List}.
   *
   * @param path its place in the document
   */
  record KubernetesObject(String apiVersion, String kind, FieldPath path, JsonNode value) {
    String namespace(String otherwise) {
      var namespace = value.path("metadata").path("namespace").asText("");
      return namespace.isEmpty() ? otherwise : namespace;
    }

    /** {@code Deployment shop/web}. */
    String title(String otherwise) {
      return kind + " " + namespace(otherwise) + "/" + value.path("metadata").path("name").asText();
    }
  }

  private final List<File> files = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  private Manifests() {}

  /**
   * Reads files.
   *
   * @param names {@code -} is the standard input
   */
  static Manifests read(List<String> names) {
    var manifests = new Manifests();
    for (var name : names) {
      try {
        manifests.add(name);
      } catch (NoSuchFileException e) {
        manifests.addProblem(name + ": no such file");
      } catch (CharacterCodingException e) {
        manifests.addProblem(name + ": the file is not UTF-8 text");
      } catch (IOException e) {
        manifests.addProblem(
            name
                + ": cannot be read: "
                + (Files.isDirectory(Path.of(name)) ? "it is a directory" : e.getMessage()));
      }
    }
    return manifests;
  }

  List<File> files() {
    return files;
  }

  /** Everything that could not be read or judged, each in one line with its position. */
  List<String> problems() {
    return problems;
  }

  /** Adds what is wrong with a document. */
  void addProblem(String file, DocumentText source, Position position, String reason) {
    addProblem(
        "%s: document %d, line %d, column %d: %s"
            .formatted(file, source.number(), position.line(), position.column(), reason));
  }

  private void addProblem(String line) {
    problems.add(Violation.clean(line));
  }

  private void add(String name) throws IOException {
    boolean standardInput = name.equals(STANDARD_INPUT);
    var bytes = standardInput ? System.in.readAllBytes() : Files.readAllBytes(Path.of(name));
    var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    var label = standardInput ? "stdin" : name;
    var documents = new ArrayList<Document>();
    for (var source : YamlReader.split(text)) {
      documents.add(document(label, source));
    }
    files.add(new File(label, text, documents));
  }

  private Document document(String file, DocumentText source) {
    try {
      var document = YamlReader.read(source);
      var objects = new ArrayList<KubernetesObject>();
      if (!document.value().isNull()) {
        collect(file, document, FieldPath.ROOT, document.value(), "", "", objects);
      }
      return new Document(source, document, objects);
    } catch (YamlException e) {
      addProblem(
          file, source, e.position(), e.reason() + (source.text().contains("{{") ? RENDER : ""));
      return new Document(source, null, List.of());
    }
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
