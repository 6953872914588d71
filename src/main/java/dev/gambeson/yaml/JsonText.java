package dev.gambeson.yaml;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** JSON that is not valid YAML: several values in a row, tabs between tokens, escaped slashes. */
final class JsonText {
  private static final Pattern LIKE_JSON = Pattern.compile("\\s*(?:\\{\\s*[\"}]|\\[)");

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();

  private JsonText() {}

  /** The offsets at which the JSON values of the text end; none if it is not JSON. */
  static List<Integer> ends(String text) {
    if (!LIKE_JSON.matcher(text).lookingAt()) {
      return List.of();
    }
    try {
      return parse(text);
    } catch (IOException e) {
      return List.of();
    }
  }

  /**
   * Converts JSON to YAML without moving any token; other text stays as it is.
   *
   * @throws YamlException if it has tabs and looks like JSON, but is not valid JSON
   */
  static String asYaml(DocumentText source) throws YamlException {
    var text = source.text();
    if ((text.indexOf('\t') < 0 && !text.contains("\\/")) || !LIKE_JSON.matcher(text).lookingAt()) {
      return text;
    }
    try {
      parse(text);
    } catch (JsonParseException e) {
      var location = e.getLocation();
      throw new YamlException(
          e.getOriginalMessage(),
          source.position(location.getLineNr() - 1, location.getColumnNr() - 1));
    } catch (IOException e) {
      return text;
    }
    var yaml = new StringBuilder(text.length());
    boolean inString = false;
    int dropped = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
        if (text.charAt(i) == '/') {
          dropped++;
        } else {
          yaml.append(c);
        }
        yaml.append(text.charAt(i));
      } else if (c == '"') {
        yaml.append(c);
        inString = !inString;
        yaml.repeat(' ', inString ? 0 : dropped);
        dropped = 0;
      } else {
        yaml.append(c == '\t' ? ' ' : c);
      }
    }
    return yaml.toString();
  }

  private static List<Integer> parse(String text) throws IOException {
    var ends = new ArrayList<Integer>();
    try (var parser = FACTORY.createParser(text)) {
      while (parser.nextToken() != null) {
        parser.skipChildren();
        ends.add((int) parser.currentLocation().getCharOffset());
      }
    }
    return ends;
  }
}
