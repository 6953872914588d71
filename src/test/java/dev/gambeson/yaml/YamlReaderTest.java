package dev.gambeson.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlReaderTest {
  private static final ObjectReader JSON =
      new JsonMapper().reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static JsonNode read(String text) throws YamlException {
    var documents = YamlReader.readAll(text);
    assertThat(documents).hasSize(1);
    return documents.getFirst().value();
  }

  static Stream<String> asKubernetesReadsThem() throws IOException {
    try (var file = YamlReaderTest.class.getResourceAsStream("/yaml/scalars.txt")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines().filter(line -> !line.startsWith("#")).toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource
  void asKubernetesReadsThem(String line) throws IOException, YamlException {
    var text = "v: " + JSON.readTree(line).textValue() + "\n";
    if (line.endsWith(" error")) {
      assertThatThrownBy(() -> YamlReader.readAll(text)).isInstanceOf(YamlException.class);
      return;
    }
    try (var values = JSON.forType(JsonNode.class).<JsonNode>readValues(line)) {
      values.next();
      var expected = values.next();
      var actual = read(text).get("v");
      if (expected.isNumber()) {
        assertThat(actual.isNumber()).as("%s", actual).isTrue();
        assertThat(actual.doubleValue()).isEqualTo(expected.doubleValue());
        assertThat(actual.isIntegralNumber()).isEqualTo(expected.isIntegralNumber());
      } else {
        assertThat(actual).isEqualTo(expected);
      }
    }
  }

  @Test
  void anchorsAliasesAndMergeKeysAreResolved() throws YamlException {
    var value =
        read(
            """
            base: &base {a: 1, b: [x]}
            same: *base
            more:
              <<: *base
              a: 2
            """);
    assertThat(value.at("/same/b/0").asText()).isEqualTo("x");
    assertThat(value.at("/more").toString()).isEqualTo("{\"a\":2,\"b\":[\"x\"]}");
  }

  @Test
  void aStreamIsReadDocumentByDocument() throws YamlException {
    var documents =
        YamlReader.readAll(
            """
            # licence
            %YAML 1.1
            --- # first
            a: 1
            ---
            # nothing
            ---
            b: |
              text
               ---
            """);
    assertThat(documents)
        .extracting(document -> document.value().toString())
        .containsExactly("{\"a\":1}", "null", "{\"b\":\"text\\n ---\\n\"}");
    assertThat(documents.get(2).valueAt("/b")).isEqualTo(new Position(8, 4));
    assertThat(documents.get(2).source().number()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a: 1",
        "---\n",
        "a: 1\n---\nb: 2\n...\n---\r\n---c: x\n",
        "{\"a\": 1}\n\n{\"b\": [\n1]}{}\n",
        "\n# x\n---\n# y\n---\n"
      })
  void thePartsOfAStreamAreTheStream(String stream) {
    assertThat(
            YamlReader.split(stream).stream().map(DocumentText::text).collect(Collectors.joining()))
        .isEqualTo(stream);
  }

  @Test
  void anErrorInOneDocumentLeavesTheOthersReadable() throws YamlException {
    var parts = YamlReader.split("a: 1\n---\nb: [\n---\nc: 3\n");
    assertThat(parts).hasSize(3);
    assertThat(YamlReader.read(parts.get(2)).value().at("/c").asInt()).isEqualTo(3);
    assertThatThrownBy(() -> YamlReader.read(parts.get(1)))
        .isInstanceOfSatisfying(
            YamlException.class, e -> assertThat(e.position().line()).isBetween(3, 4));
  }

  @Test
  void jsonIsReadWithTabsEscapesAndSideBySide() throws YamlException {
    var documents =
        YamlReader.readAll(
            "\t{\t\"a\":\t\"x\\ty\\/\\ud83d\\ude00\\\"\",\n\t\"b\":[1,2.5]}{\"c\":null}\n");
    assertThat(documents)
        .extracting(document -> document.value().toString())
        .containsExactly("{\"a\":\"x\\ty/\ud83d\ude00\\\"\",\"b\":[1,2.5]}", "{\"c\":null}");
    assertThat(documents.get(0).valueAt("/b/1")).isEqualTo(new Position(2, 9));
    assertThat(documents.get(1).keyAt("/c")).isEqualTo(new Position(2, 15));
  }

  @Test
  void everyValueAndKeyHasItsPlace() throws YamlException {
    var document =
        YamlReader.readAll(
                """
                spec:
                  containers:
                    - name: web
                      image: nginx
                  a/b~c: &x {d: 1}
                  merged:
                    <<: *x
                """)
            .getFirst();
    assertThat(document.valueAt("")).isEqualTo(new Position(1, 1));
    assertThat(document.keyAt("/spec/containers/0/image")).isEqualTo(new Position(4, 7));
    assertThat(document.valueAt("/spec/containers/0/image")).isEqualTo(new Position(4, 14));
    assertThat(document.valueAt("/spec/a~1b~0c/d")).isEqualTo(new Position(5, 17));
    assertThat(document.valueAt("/spec/merged/d")).isEqualTo(new Position(5, 17));
    assertThat(document.valueAt("/spec/containers/0/absent/x")).isEqualTo(new Position(3, 7));
    assertThat(document.valueAt("/spec/containers/7")).isEqualTo(new Position(3, 5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      value = {
        "'a: 1\nb: 2\na: 3\n' => line 3, column 1: the key \"a\" is also in line 1: remove one of them",
        "'{1: a, \"1\": b}' => line 1, column 8: the key \"1\" is also in line 1: remove one of them",
        "'a:\n\tb: 1\n' => line 2, column 1: found character '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB) for indentation), while scanning for the next token",
        "'{\n\t\"a\": 1\n\t\"b\": 2}' => line 3, column 2: Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries",
        "'a: *b' => line 1, column 4: found undefined alias b",
        "'a: &a [*a]' => line 1, column 4: the anchor's value contains itself",
        "'a: &a {<<: *a}' => line 1, column 4: the merge key << merges the mapping into itself",
        "'[x]: 1' => line 1, column 1: a key must be a scalar",
        "'a: .inf' => line 1, column 4: JSON has no number .inf: quote it if it is a string",
        "'a: 1\n...\nb: 2' => line 3, column 1: there is text after the end of the document: start a new one with a line ---",
        "'a: 1\nb: \u0001' => line 2, column 4: the character U+0001 is not allowed",
        "'a: {b: c' => line 1, column 9: expected ',' or '}', but got <stream end>, while parsing a flow mapping",
      })
  void anErrorSaysWhereAndWhy(String text, String message) {
    assertThatThrownBy(() -> YamlReader.readAll(text))
        .isInstanceOf(YamlException.class)
        .hasMessage(message);
  }

  static List<String> bombs() {
    var laughs = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    var merges = new StringBuilder("a0: &a0 {k: 1}\n");
    for (int i = 1; i < 30; i++) {
      laughs.append("a" + i + ": &a" + i + " [" + ("*a" + (i - 1) + ",").repeat(10) + "]\n");
      merges.append("a" + i + ": &a" + i + " {<<: [" + ("*a" + (i - 1) + ",").repeat(10) + "]}\n");
    }
    var chain =
        IntStream.range(1, 50)
            .mapToObj(i -> "- &a" + i + " " + "[".repeat(150) + "*a" + (i - 1) + "]".repeat(150))
            .collect(Collectors.joining("\n", "- &a0 [x]\n", "\n"));
    return List.of(
        laughs.toString(),
        merges.toString(),
        chain,
        "[".repeat(100_000),
        "{\"a\":".repeat(100_000),
        "- ".repeat(100_000));
  }

  @ParameterizedTest
  @MethodSource("bombs")
  void aBombIsRefusedQuickly(String text) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> assertThatThrownBy(() -> YamlReader.readAll(text)).isInstanceOf(YamlException.class));
  }
}
