package dev.gambeson.playground;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The files of the page: its own, and the modules of the editor as their packages have them. The
 * names by which these import each other are in the import map of each package.
 */
public final class PlaygroundFiles {
  private static final Pattern OWN = Pattern.compile("(examples/)?[a-z-]+\\.(js|css|svg|yaml)");
  private static final Map<String, String> TYPES =
      Map.of(
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml",
          "yaml", "text/yaml; charset=utf-8");
  private static final String MODULES = "META-INF/resources/";

  /** The look of every page is where reports have it. */
  private static final String SHARED = "dev/gambeson/report/";

  private static final String BASE = "base.css";
  private static final ObjectMapper MAPPER = new JsonMapper();

  private final String page;
  private final Set<String> modules = new HashSet<>();

  /** Finds the modules. */
  public PlaygroundFiles() {
    var imports = imports();
    imports.valueStream().map(JsonNode::asText).forEach(modules::add);
    page =
        new String(read("dev/gambeson/playground/index.html").orElseThrow(), UTF_8)
            .replace(
                "{{imports}}",
                JsonNodeFactory.instance.objectNode().set("imports", imports).toString());
  }

  /**
   * A file.
   *
   * @param mayBeKept whether its path changes with its content
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record File(String contentType, byte[] bytes, boolean mayBeKept) {}

  /**
   * The page.
   *
   * @param nonce lets its own scripts and styles pass the Content-Security-Policy
   */
  public File page(String nonce) {
    return new File(
        "text/html; charset=utf-8", page.replace("{{nonce}}", nonce).getBytes(UTF_8), false);
  }

  /** A file that the page loads; empty where there is none of that path. */
  public Optional<File> file(String path) {
    boolean isModule = modules.contains("./" + path);
    if (!isModule && !OWN.matcher(path).matches()) {
      return Optional.empty();
    }
    var type = TYPES.getOrDefault(path.substring(path.lastIndexOf('.') + 1), "");
    var folder = isModule ? MODULES : path.equals(BASE) ? SHARED : "dev/gambeson/playground/";
    return read(folder + path).map(bytes -> new File(type, bytes, isModule));
  }

  /** Each package has an import map; the jar has them all in one file, one after the other. */
  private static ObjectNode imports() {
    var imports = JsonNodeFactory.instance.objectNode();
    try {
      for (var file :
          Collections.list(
              PlaygroundFiles.class.getClassLoader().getResources("META-INF/importmap.json"))) {
        try (var stream = file.openStream();
            var maps = MAPPER.readerFor(JsonNode.class).<JsonNode>readValues(stream)) {
          while (maps.hasNext()) {
            for (var entry : maps.next().path("imports").properties()) {
              if (!entry.getKey().endsWith("/")) {
                imports.put(entry.getKey(), "." + entry.getValue().asText());
              }
            }
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return imports;
  }

  private static Optional<byte[]> read(String resource) {
    try (var stream = PlaygroundFiles.class.getClassLoader().getResourceAsStream(resource)) {
      return stream == null ? Optional.empty() : Optional.of(stream.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
