package dev.gambeson.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
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
        root -> {
          var web = (ObjectNode) root.at("/spec/containers/0");
          web.putObject("securityContext").put("runAsNonRoot", true).putArray("groups").add(1);
          ((ObjectNode) root.path("spec")).put("dnsPolicy", "None");
        },
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
        root -> {
          var volumes = (ArrayNode) root.path("volumes");
          volumes.remove(1);
          volumes.addObject().put("name", "d").putObject("emptyDir").put("sizeLimit", "1Gi");
        },
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
        root -> {
          var web = root.at("/containers/0");
          ((ArrayNode) web.path("env")).insertObject(0).put("name", "A").put("value", "1");
          ((ArrayNode) web.path("env")).insertObject(1).put("name", "B");
          ((ArrayNode) web.path("env")).addObject().put("name", "Z");
          ((ArrayNode) web.path("args")).insert(0, "x");
          ((ArrayNode) root.path("containers")).insertObject(0).put("name", "first");
        },
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
  void changesFlowCollectionsWithinTheirLine() throws YamlException {
    assertEdit(
        """
        a: {} # empty
        b: [x, y] # two
        c: {k: v, "l": w}
        d: [ ]
        """,
        root -> {
          object(root, "/a").putObject("drop").putArray("all").add("NET_RAW").add("a: b");
          ((ArrayNode) root.path("b")).add("z").remove(0);
          object(root, "/c").put("m", "yes").remove("k");
          ((ArrayNode) root.path("d")).add(1);
        },
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
        root -> {
          object(root, "").put("policy", "ClusterFirstWithHostNet");
          object(root, "").putObject("context").put("user", 1000);
          object(root, "").putArray("other").add("x");
          ((ArrayNode) root.path("items"))
              .set(0, MAPPER.createObjectNode().put("a", 1).put("b", 2));
          ((ArrayNode) root.path("items")).set(1, MAPPER.getNodeFactory().textNode("null"));
          object(root, "").put("end", "1e3");
        },
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
        root -> {
          object(root, "/a").remove("w");
          object(root, "/list/0").remove("first");
          object(root, "").remove("gone");
        },
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
        root -> {
          object(root, "/a").remove("x");
          ((ArrayNode) root.path("list")).removeAll();
        },
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
        root -> {
          object(root, "/two").put("b", 2);
          object(root, "/three/1").put("c", 3);
        },
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
        root -> {
          object(root, "/one").put("b", 2);
          object(root, "/two").put("b", 2);
        },
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
        root -> {
          object(root, "/web").put("user", 1000).put("group", 5);
          object(root, "/log").remove("user");
        },
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
        root -> object(root, "/base").put("user", 1),
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
        root -> {
          var web = object(root, "/spec/containers/0");
          web.withArray("args").add("b");
          web.withArray("env").addObject().put("name", "TZ").put("value", "UTC");
          web.putObject("securityContext").putObject("capabilities").putArray("drop").add("ALL");
        },
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
        root -> {
          object(root, "/a").put("d", "no");
          ((ArrayNode) root.path("c")).addObject().put("e", 1);
        },
        "{\"a\": {\"b\": 1, \"d\": \"no\"}, \"c\": [{\"e\": 1}]}");
  }

  @Test
  void keepsTheTextsLineBreaks() throws YamlException {
    assertEdit(
        "a:\r\n  b: 1 # x\r\nc: |\r\n  text\r\n",
        root -> {
          object(root, "/a").put("d", 2);
          object(root, "").put("e", 3);
        },
        "a:\r\n  b: 1 # x\r\n  d: 2\r\nc: |\r\n  text\r\ne: 3\r\n");
  }

  @Test
  void aTextWithoutALastLineBreakGetsNone() throws YamlException {
    assertEdit("a: 1", root -> object(root, "").put("b", 2), "a: 1\nb: 2");
    assertEdit("a: |\n  x", root -> object(root, "").put("b", 2), "a: |-\n  x\nb: 2");
    assertEdit("a: |+\n  x\n\n", root -> object(root, "").put("b", 2), "a: |+\n  x\n\nb: 2\n");
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
        root -> {
          object(root, "/spec/containers/0").put("tty", true);
          ((ArrayNode) root.at("/spec/containers")).addObject().put("name", "log");
        },
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
        root -> object(root, "/b").put("c", "🚀"),
        "# 🚀🚀\na: \"🚀\" # 🚀\nb: {c: \"🚀\"}\n");
  }

  @Test
  void documentMarkersAndDirectivesStay() throws YamlException {
    assertEdit(
        "%YAML 1.1\n---\n# c\na: 1\n...\n",
        root -> object(root, "").put("b", 2), "%YAML 1.1\n---\n# c\na: 1\nb: 2\n...\n");
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
        var wanted = document.value().deepCopy();
        int changed = new RandomEdit(seed).apply(wanted);
        var edited = edit(document, wanted, seed);
        assertThat(lost(document.source().text(), edited))
            .as("lines of the original that are gone, seed %s:\n%s", seed, edited)
            .isLessThanOrEqualTo(changed);
      }
    }
    return documents;
  }

  private static String edit(YamlDocument document, JsonNode wanted, int seed) {
    try {
      return YamlEditor.edit(document, wanted);
    } catch (YamlException | RuntimeException e) {
      throw new AssertionError(
          "seed " + seed + " of\n" + document.source().text() + "\nwanted " + wanted, e);
    }
  }

  /** How many lines of a text another one lacks. */
  private static int lost(String text, String edited) {
    var remaining = new ArrayList<>(edited.lines().toList());
    return (int) text.lines().filter(line -> !remaining.remove(line)).count();
  }

  private static void assertEdit(String before, Consumer<JsonNode> change, String after)
      throws YamlException {
    var document = YamlReader.readAll(before).getFirst();
    var wanted = document.value().deepCopy();
    change.accept(wanted);
    assertThat(YamlEditor.edit(document, wanted)).isEqualTo(after);
  }

  private static ObjectNode object(JsonNode root, String pointer) {
    return (ObjectNode) root.at(pointer);
  }

  /** Some changes at random places; the sum of lines that each may touch is what it returns. */
  private static final class RandomEdit {
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

    RandomEdit(int seed) {
      random = new Random(seed);
    }

    int apply(JsonNode root) {
      return IntStream.rangeClosed(0, random.nextInt(4)).map(i -> change(root)).sum();
    }

    private int change(JsonNode root) {
      var collections = new ArrayList<JsonNode>();
      collect(root, collections);
      var chosen = collections.get(random.nextInt(collections.size()));
      switch (chosen) {
        case ObjectNode object when !object.isEmpty() && random.nextInt(4) == 0 -> {
          var names = new ArrayList<String>();
          object.fieldNames().forEachRemaining(names::add);
          object.remove(names.get(random.nextInt(names.size())));
          return WITH_ITS_LINES;
        }
        case ObjectNode object -> object.set("added" + random.nextInt(3), value(2));
        case ArrayNode array when !array.isEmpty() && random.nextInt(4) == 0 -> {
          array.remove(random.nextInt(array.size()));
          return WITH_ITS_LINES;
        }
        case ArrayNode array -> array.add(value(2));
        default -> throw new IllegalStateException();
      }
      return 2;
    }

    private static void collect(JsonNode node, List<JsonNode> collections) {
      if (node.isContainerNode()) {
        collections.add(node);
        node.forEach(child -> collect(child, collections));
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
