package dev.gambeson.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.DryRun;
import com.marcnuri.helm.Helm;
import dev.gambeson.yaml.YamlDocument;
import dev.gambeson.yaml.YamlException;
import dev.gambeson.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** The chart, as the real Helm renders it. */
public final class Chart {
  public static final Path FOLDER = Path.of("charts", "gambeson");
  static final String NAMESPACE = "gambeson-system";

  private static final String HOOK = "helm.sh/hook:";
  private static final String NO_HOOK = "helm.sh/no-hook:";

  private Chart() {}

  /**
   * Renders the release {@code gambeson}.
   *
   * @param values YAML
   */
  public static String render(String namespace, String values) throws IOException {
    return render("gambeson", namespace, values);
  }

  /** Renders a release of that name. */
  static String render(String release, String namespace, String values) throws IOException {
    var folder = Files.createTempDirectory("chart");
    try {
      copyWithoutHooks(folder);
      return new Helm(folder)
          .template()
          .withName(release)
          .withNamespace(namespace)
          .withKubeVersion("1.36.0")
          .withValuesFile(Files.writeString(folder.resolve("own-values.yaml"), values))
          .call()
          .replace(NO_HOOK, HOOK);
    } finally {
      delete(folder);
    }
  }

  /** Helm's library keeps hooks out of what it renders: these are ordinary objects. */
  private static void copyWithoutHooks(Path folder) throws IOException {
    try (var files = Files.walk(FOLDER)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var copy = folder.resolve(FOLDER.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.writeString(copy, Files.readString(file).replace(HOOK, NO_HOOK));
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** What Helm tells the one who installed it. */
  static String notes(String values) throws IOException {
    var file = Files.writeString(Files.createTempFile("values", ".yaml"), values);
    try {
      return new Helm(FOLDER)
          .install()
          .withName("gambeson")
          .withNamespace(NAMESPACE)
          .withKubeVersion("1.36.0")
          .withValuesFile(file)
          .clientOnly()
          .dryRun()
          .withDryRunOption(DryRun.CLIENT)
          .call()
          .getOutput();
    } finally {
      Files.delete(file);
    }
  }

  /** The objects of a rendering. */
  public static List<JsonNode> objects(String rendered) throws YamlException {
    return YamlReader.readAll(rendered).stream()
        .map(YamlDocument::value)
        .filter(JsonNode::isObject)
        .toList();
  }

  /** The objects of a kind in the rendering for the usual namespace. */
  static List<JsonNode> objects(String values, String kind) throws IOException, YamlException {
    return objects(render(NAMESPACE, values)).stream()
        .filter(object -> object.path("kind").asText().equals(kind))
        .toList();
  }

  /** The only object of a kind. */
  static JsonNode object(String values, String kind) throws IOException, YamlException {
    var objects = objects(values, kind);
    assertThat(objects).as(kind).hasSize(1);
    return objects.getFirst();
  }
}
