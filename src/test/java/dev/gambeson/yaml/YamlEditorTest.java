package dev.gambeson.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class YamlEditorTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int EDITS_OF_EACH_DOCUMENT = 60;

  @Test
  void addsLinesAsTheTextIsIndented() throws YamlException {
    assertEdit(
        """
        # a deployment
        spec:
            containers:
              - name: web   # the server
                image: "nginx"
                # nothing else

              - name: log
                image: fluent
        status: done
        """,
        List.of(
            add(
                "/spec/containers/0/securityContext",
                """
                {"runAsNonRoot": true, "groups": [1]}\
                """),
            add("/spec/dnsPolicy", "\"None\"")),
        """
        # a deployment
        spec:
            containers:
              - name: web   # the server
                image: "nginx"
                securityContext:
                    runAsNonRoot: true
                    groups:
                      - 1
                # nothing else

              - name: log
                image: fluent
            dnsPolicy: None
        status: done
        """);
  }

  @Test
  void appendsToListsAndRemovesFromThem() throws YamlException {
    assertEdit(
        """
        volumes:
        -   name: a
            emptyDir: {}
        # the second
        -   name: b
            emptyDir: {}
        -   name: c
        last: 1
        """,
        List.of(
            remove("/volumes/1"),
            add(
                "/volumes/-",
                """
                {"name": "d", "emptyDir": {"sizeLimit": "1Gi"}}\
                """)),
        """
        volumes:
        -   name: a
            emptyDir: {}
        # the second
        -   name: c
        -   name: d
            emptyDir:
              sizeLimit: 1Gi
        last: 1
        """);
  }

  @Test
  void putsElementsFirst() throws YamlException {
    assertEdit(
        """
        containers:
          - name: web
            env:
            # the zone
            - name: TZ   # ours
              value: UTC
            args: [a, b]
        """,
        List.of(
            add(
                "/containers/0/env/0",
                """
                {"name": "A", "value": "1"}\
                """),
            add("/containers/0/env/1", "{\"name\": \"B\"}"),
            add("/containers/0/env/-", "{\"name\": \"Z\"}"),
            add("/containers/0/args/0", "\"x\""),
            add("/containers/0", "{\"name\": \"first\"}")),
        """
        containers:
          - name: first
          - name: web
            env:
            - name: A
              value: "1"
            - name: B
            # the zone
            - name: TZ   # ours
              value: UTC
            - name: Z
            args: [x, a, b]
        """);
  }

  @Test
  void insertsBetweenElements() throws YamlException {
    assertEdit(
        """
        args:
        - a
        # the second
        - b
        ports: [1, 3]
        """,
        List.of(add("/args/1", "\"x\""), add("/ports/1", "2"), add("/args/1", "\"w\"")),
        """
        args:
        - a
        - w
        - x
        # the second
        - b
        ports: [1, 2, 3]
        """);
  }

  @Test
  void removesTheElementThatTheEditNames() throws YamlException {
    assertEdit(
        """
        args:
        - -v # once
        - -v # twice
        mounts:
        - {name: token, path: /a}
        - {name: token, path: /b} # stays
        """,
        List.of(remove("/args/0"), remove("/mounts/0")),
        """
        args:
        - -v # twice
        mounts:
        - {name: token, path: /b} # stays
        """);
  }

  @Test
  void changesBelowValuesThatEditsHaveAdded() throws YamlException {
    assertEdit(
        """
        list:
        - a: 1
        map: {b: 1}
        """,
        List.of(
            add("/list/0", "{}"),
            add("/list/0/c", "2"),
            add("/list/1/d", "3"),
            replace("/map", "{\"b\": 2}"),
            add("/map/e", "[]"),
            add("/map/e/-", "4")),
        """
        list:
        - c: 2
        - a: 1
          d: 3
        map: {b: 2, e: [4]}
        """);
  }

  @Test
  void changesFlowCollectionsWithinTheirLine() throws YamlException {
    assertEdit(
        """
        a: {} # empty
        b: [x, y] # two
        c: {k: v, "l": w}
        d: [ ]
        """,
        List.of(
            add(
                "/a/drop",
                """
                {"all": ["NET_RAW", "a: b"]}\
                """),
            add("/b/2", "\"z\""),
            remove("/b/0"),
            add("/c/m", "\"yes\""),
            remove("/c/k"),
            add("/d/-", "1")),
        """
        a: {drop: {all: [NET_RAW, "a: b"]}} # empty
        b: [y, z] # two
        c: {"l": w, m: "yes"}
        d: [1]
        """);
  }

  @Test
  void replacesScalarsAndNothing() throws YamlException {
    assertEdit(
        """
        policy: ClusterFirst # default
        context: # none yet
        other: ~ # neither
        items:
        -
        - 'quoted'
        end:
        """,
        List.of(
            replace("/policy", "\"ClusterFirstWithHostNet\""),
            add("/context", "{\"user\": 1000}"),
            add("/other", "[\"x\"]"),
            replace(
                "/items/0",
                """
                {"a": 1, "b": 2}\
                """),
            replace("/items/1", "\"null\""),
            add("/end", "\"1e3\"")),
        """
        policy: ClusterFirstWithHostNet # default
        context: # none yet
          user: 1000
        other: # neither
        - x
        items:
        - a: 1
          b: 2
        - "null"
        end: "1e3"
        """);
  }

  @Test
  void removesEntriesWithTheirLines() throws YamlException {
    assertEdit(
        """
        a:
          x: 1
          w:
            z: 2
        list:
        - first: 1
          second: 2
        gone: |
          text

        kept: 3
        """,
        List.of(remove("/a/w"), remove("/list/0/first"), remove("/gone")),
        """
        a:
          x: 1
        list:
        - second: 2

        kept: 3
        """);
  }

  @Test
  void aCollectionThatLosesEverythingIsWrittenEmpty() throws YamlException {
    assertEdit(
        """
        a:
          x: 1
        list:
          - one
        b: 1
        """,
        List.of(remove("/a/x"), remove("/list/0")),
        """
        a: {}
        list: []
        b: 1
        """);
  }

  @Test
  void keepsWhatAnAliasMeansElsewhere() throws YamlException {
    assertEdit(
        """
        one: &context
          a: 1
        two: *context # the same
        three:
        - *context
        - *context
        """,
        List.of(add("/two/b", "2"), add("/three/1/c", "3")),
        """
        one: &context
          a: 1
        two: # the same
          a: 1
          b: 2
        three:
        - *context
        - a: 1
          c: 3
        """);
  }

  @Test
  void anAliasStaysWhereBothPlacesChangeAlike() throws YamlException {
    assertEdit(
        """
        one: &context
          a: 1
        two: *context
        three: *context
        """,
        List.of(add("/one/b", "2"), add("/two/b", "2")),
        """
        one: &context
          a: 1
          b: 2
        two: *context
        three:
          a: 1
        """);
  }

  @Test
  void changesWhatAMergeKeyBringsInOnlyHere() throws YamlException {
    assertEdit(
        """
        base: &base
          image: nginx
          user: 0
        web:
          <<: *base
          name: web
        log:
          <<: *base
        """,
        List.of(add("/web/user", "1000"), add("/web/group", "5"), remove("/log/user")),
        """
        base: &base
          image: nginx
          user: 0
        web:
          <<: *base
          name: web
          user: 1000
          group: 5
        log:
          image: nginx
        """);
  }

  @Test
  void aChangedBaseIsNoLongerMergedWhereItsChangeIsNotWanted() throws YamlException {
    assertEdit(
        """
        base: &base
          image: nginx
        web:
          name: web
          <<: *base
        """,
        List.of(add("/base/user", "1")),
        """
        base: &base
          image: nginx
          user: 1
        web:
          name: web
          image: nginx
        """);
  }

  @Test
  void jsonStaysJson() throws YamlException {
    assertEdit(
        """
        {
            "spec": {
                "containers": [
                    {
                        "name": "web",
                        "args": ["a"],
                        "env": []
                    }
                ],
                "volumes": []
            }
        }
        """,
        List.of(
            add("/spec/containers/0/args/-", "\"b\""),
            add(
                "/spec/containers/0/env",
                """
                [{"name": "TZ", "value": "UTC"}]\
                """),
            add(
                "/spec/containers/0/securityContext",
                """
                {"capabilities": {"drop": ["ALL"]}}\
                """)),
        """
        {
            "spec": {
                "containers": [
                    {
                        "name": "web",
                        "args": ["a", "b"],
                        "env": [
                            {
                                "name": "TZ",
                                "value": "UTC"
                            }
                        ],
                        "securityContext": {
                            "capabilities": {
                                "drop": [
                                    "ALL"
                                ]
                            }
                        }
                    }
                ],
                "volumes": []
            }
        }
        """);
  }

  @Test
  void jsonInOneLineStaysInOneLine() throws YamlException {
    assertEdit(
        "{\"a\": {\"b\": 1}, \"c\": []}",
        List.of(add("/a/d", "\"no\""), add("/c/-", "{\"e\": 1}")),
        "{\"a\": {\"b\": 1, \"d\": \"no\"}, \"c\": [{\"e\": 1}]}");
  }

  @Test
  void keepsTheTextsLineBreaks() throws YamlException {
    assertEdit(
        "a:\r\n  b: 1 # x\r\nc: |\r\n  text\r\n",
        List.of(add("/a/d", "2"), add("/e", "3")),
        "a:\r\n  b: 1 # x\r\n  d: 2\r\nc: |\r\n  text\r\ne: 3\r\n");
  }

  @Test
  void aTextWithoutALastLineBreakGetsNone() throws YamlException {
    assertEdit("a: 1", List.of(add("/b", "2")), "a: 1\nb: 2");
    assertEdit("a: |\n  x", List.of(add("/b", "2")), "a: |-\n  x\nb: 2");
    assertEdit("a: |+\n  x\n\n", List.of(add("/b", "2")), "a: |+\n  x\n\nb: 2\n");
  }

  @Test
  void linesFollowABlockScalarThatEndsACollection() throws YamlException {
    assertEdit(
        """
        spec:
          containers:
          - name: web
            args:
            - |
              one

              two

          # and then
          restartPolicy: Always
        """,
        List.of(
            add("/spec/containers/0/tty", "true"),
            add("/spec/containers/-", "{\"name\": \"log\"}")),
        """
        spec:
          containers:
          - name: web
            args:
            - |
              one

              two
            tty: true
          - name: log

          # and then
          restartPolicy: Always
        """);
  }

  @Test
  void charactersBeyondTheBasicPlaneDoNotShiftPlaces() throws YamlException {
    assertEdit(
        "# 🚀🚀\na: \"🚀\" # 🚀\nb: {}\n",
        List.of(add("/b/c", "\"🚀\"")),
        "# 🚀🚀\na: \"🚀\" # 🚀\nb: {c: \"🚀\"}\n");
  }

  @Test
  void documentMarkersAndDirectivesStay() throws YamlException {
    assertEdit(
        "%YAML 1.1\n---\n# c\na: 1\n...\n",
        List.of(add("/b", "2")), "%YAML 1.1\n---\n# c\na: 1\nb: 2\n...\n");
  }

  @ParameterizedTest
  @MethodSource("awkward")
  void anyEditOfAnAwkwardTextReadsAsItWasMeant(String text) {
    editAtRandom(text);
  }

  static Stream<String> awkward() {
    return Stream.of(
        "a: &x [1, {b: 2}]\nc: *x\nd:\n- - 1\n  - 2\n- - *x\n",
        "? a\n: b: 1\n? [c]\n".replace("? [c]\n", ""),
        "a:   # c\n\n  # d\n  b:\n\n    c: 1\n\n\ne: >-\n  folded\n  text\n\n  # no comment\nf: 1\n",
        "- a\n-\n  b: 1\n- # c\n  c: 2\n-   - d\n    - e\n",
        "a: 'it''s'\nb: \"x\\ty\"\nc: plain\n  continued\nd: !!str 1\ne: !!map\n  f: 1\ng: &z\n  h: 1\n",
        "{a: [1, 2,], b: {c: d,},}\n",
        "a: {b: 1,\n    c: [x,\n        y]}\nd:\n  - {e: f}\n  - [g]\n",
        "a:\n- b: |2\n      x\n     y\n  c: >+\n    z\n\n\n- d\n",
        "x: &x {a: 1}\ny: &y {b: 2}\nz:\n  <<: [*x, *y]\n  c: 3\nw: {<<: *x, a: 2}\n",
        "x: &x\n  a: 1\nz:\n  a: 0\n  <<: *x\n  <<: {q: 1}\n".replace("  <<: {q: 1}\n", ""),
        "z:\n  <<: {q: 1}\n  r: 2\n",
        "a: 1\n# the end",
        "\"a b\": 1\n'c': 2\ntrue: 3\n5: 4\n",
        "---\na: 1 # é\n\n\n",
        "{\n\t\"a\": [\n\t\t1,\n\t\t{\"b\": \"x\\/y\"}\n\t],\n\t\"c\": {}\n}\n",
        "[]",
        "{}");
  }

  @Test
  void anyEditOfRealManifestsReadsAsItWasMeant() throws IOException {
    var data = System.getProperty("gambeson.data", "");
    Assumptions.assumeFalse(data.isEmpty(), "no gambeson.data");
    int documents = 0;
    try (var files = Files.walk(Path.of(data, "manifests"))) {
      for (var file :
          files.filter(path -> path.toString().matches(".*\\.ya?ml")).sorted().toList()) {
        documents += editAtRandom(Files.readString(file));
      }
    }
    assertThat(documents).isPositive();
  }

  /** Every edit is checked by the editor itself: the text reads as the value that was wanted. */
  private static int editAtRandom(String text) {
    int documents = 0;
    for (var source : YamlReader.split(text)) {
      YamlDocument document;
      try {
        document = YamlReader.read(source);
      } catch (YamlException e) {
        // Some real manifests have duplicate keys.
        continue;
      }
      if (!document.value().isContainerNode() || document.source().text().length() > 100_000) {
        continue;
      }
      documents++;
      for (int seed = 0; seed < EDITS_OF_EACH_DOCUMENT; seed++) {
        var random = new RandomEdits(seed, document.value());
        var edited = edit(document, random.edits, seed);
        assertThat(lost(document.source().text(), edited))
            .as("lines of the original that are gone, seed %s:\n%s", seed, edited)
            .isLessThanOrEqualTo(random.lines);
      }
    }
    return documents;
  }

  private static String edit(YamlDocument document, List<DocumentEdit> edits, int seed) {
    try {
      return YamlEditor.edit(document, edits);
    } catch (YamlException | RuntimeException e) {
      throw new AssertionError(
          "seed " + seed + " of\n" + document.source().text() + "\n" + edits, e);
    }
  }

  /** How many lines of a text another one lacks. */
  private static int lost(String text, String edited) {
    var remaining = new ArrayList<>(edited.lines().toList());
    return (int) text.lines().filter(line -> !remaining.remove(line)).count();
  }

  private static void assertEdit(String before, List<DocumentEdit> edits, String after)
      throws YamlException {
    var document = YamlReader.readAll(before).getFirst();
    assertThat(YamlEditor.edit(document, edits)).isEqualTo(after);
  }

  private static DocumentEdit add(String pointer, String json) {
    return new DocumentEdit(DocumentEdit.Kind.ADD, JsonPointer.compile(pointer), value(json));
  }

  private static DocumentEdit replace(String pointer, String json) {
    return new DocumentEdit(DocumentEdit.Kind.REPLACE, JsonPointer.compile(pointer), value(json));
  }

  private static DocumentEdit remove(String pointer) {
    return new DocumentEdit(DocumentEdit.Kind.REMOVE, JsonPointer.compile(pointer), null);
  }

  private static JsonNode value(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  /** Some changes at random places. */
  private static final class RandomEdits {
    private static final List<String> TEXTS =
        List.of(
            "x",
            "yes",
            "1",
            "a: b",
            "",
            "100m",
            "- x",
            "line\nbreak",
            "#",
            "é",
            "0x1",
            "Asia/Tokyo");

    private static final int WITH_ITS_LINES = 1_000_000;

    private final Random random;
    private final List<DocumentEdit> edits = new ArrayList<>();

    /** How many lines they may touch. */
    private int lines;

    RandomEdits(int seed, JsonNode document) {
      random = new Random(seed);
      var changed = document.deepCopy();
      for (int i = random.nextInt(4); i >= 0; i--) {
        var edit = edit(changed);
        edit.applyTo(changed);
        edits.add(edit);
        lines += edit.kind() == DocumentEdit.Kind.ADD ? 2 : WITH_ITS_LINES;
      }
    }

    private DocumentEdit edit(JsonNode root) {
      var collections = new ArrayList<JsonPointer>();
      collect(root, JsonPointer.empty(), collections);
      var chosen = collections.get(random.nextInt(collections.size()));
      var collection = root.at(chosen);
      boolean removes = !collection.isEmpty() && random.nextInt(4) == 0;
      if (collection instanceof ObjectNode object) {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        var name = removes ? names.get(random.nextInt(names.size())) : "added" + random.nextInt(3);
        var path = chosen.appendProperty(name);
        return removes
            ? new DocumentEdit(DocumentEdit.Kind.REMOVE, path, null)
            : new DocumentEdit(
                object.has(name) ? DocumentEdit.Kind.REPLACE : DocumentEdit.Kind.ADD,
                path,
                value(2));
      }
      int position = random.nextInt(collection.size() + (removes ? 0 : 1));
      return removes
          ? new DocumentEdit(DocumentEdit.Kind.REMOVE, chosen.appendIndex(position), null)
          : new DocumentEdit(DocumentEdit.Kind.ADD, chosen.appendIndex(position), value(2));
    }

    private static void collect(JsonNode node, JsonPointer path, List<JsonPointer> collections) {
      if (node.isContainerNode()) {
        collections.add(path);
      }
      node.properties()
          .forEach(
              field -> collect(field.getValue(), path.appendProperty(field.getKey()), collections));
      for (int i = 0; node.isArray() && i < node.size(); i++) {
        collect(node.get(i), path.appendIndex(i), collections);
      }
    }

    private JsonNode value(int depth) {
      return switch (random.nextInt(depth == 0 ? 3 : 6)) {
        case 0 -> MAPPER.getNodeFactory().numberNode(random.nextInt(100));
        case 1 -> MAPPER.getNodeFactory().booleanNode(random.nextBoolean());
        case 2 -> MAPPER.getNodeFactory().textNode(TEXTS.get(random.nextInt(TEXTS.size())));
        case 3 -> MAPPER.createArrayNode().add(value(depth - 1)).add(value(depth - 1));
        case 4 -> MAPPER.createObjectNode().set("k", value(depth - 1));
        default -> random.nextBoolean() ? MAPPER.createObjectNode() : MAPPER.createArrayNode();
      };
    }
  }
}
