package dev.gambeson.admission;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A review without {@code managedFields} is the same review otherwise. */
class ManagedFieldsTest {
  private static final String FIELD = "managedFields";
  private static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "]",
          "[{",
          "\"",
          "\\",
          "\\\"",
          ",\"managedFields\":[",
          ",\\\"managedFields\\\":[",
          "é€\ud83d\ude00",
          "k:{\"name\":\"web\"}");

  private final ObjectMapper mapper = new ObjectMapper();

  @Test
  void nothingElseIsCut() throws IOException {
    var random = new Random(11);
    int shorter = 0;
    for (int i = 0; i < 5_000; i++) {
      var tree = mapper.createObjectNode().put("first", "a");
      tree.set("object", json(random, 5));
      var written = mapper.writeValueAsBytes(tree);

      var cut = cut(written);

      shorter += cut.length < written.length ? 1 : 0;
      assertThat(mapper.readTree(cut)).isEqualTo(withoutLists(tree));
    }
    assertThat(shorter).isBetween(100, 4_900);
  }

  private static byte[] cut(byte[] json) {
    var rest = ManagedFields.cut(json);
    var bytes = new byte[rest.remaining()];
    rest.get(bytes);
    return bytes;
  }

  private JsonNode json(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 2 : 4)) {
      case 0 -> mapper.getNodeFactory().textNode(text(random));
      case 1 -> mapper.getNodeFactory().numberNode(random.nextInt());
      case 2 -> list(random, depth);
      default -> {
        var object = mapper.createObjectNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          object.set("n" + i + text(random), json(random, depth - 1));
        }
        if (!object.isEmpty() && random.nextInt(3) == 0) {
          object.set(FIELD, random.nextInt(5) == 0 ? json(random, 0) : list(random, depth));
        }
        yield object;
      }
    };
  }

  private ArrayNode list(Random random, int depth) {
    var list = mapper.createArrayNode();
    for (int i = random.nextInt(3); i > 0; i--) {
      list.add(json(random, depth - 1));
    }
    return list;
  }

  private static String text(Random random) {
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  /** The model of what is cut: the field where it is a list. */
  private JsonNode withoutLists(JsonNode node) {
    if (node instanceof ObjectNode object) {
      var copy = mapper.createObjectNode();
      object
          .properties()
          .forEach(entry -> {
            if (!entry.getKey().equals(FIELD) || !entry.getValue().isArray()) {
              copy.set(entry.getKey(), withoutLists(entry.getValue()));
            }
          });
      return copy;
    }
    if (node instanceof ArrayNode list) {
      var copy = mapper.createArrayNode();
      list.forEach(element -> copy.add(withoutLists(element)));
      return copy;
    }
    return node;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"a\":1,\"managedFields\":[",
        "{\"a\":1,\"managedFields\":[{\"b\":\"]}",
        "{\"a\":1,\"managedFields\":[\"\\",
        "{\"a\":1,\"managedFields\":{}}",
        "{\"a\":1, \"managedFields\":[]}",
        "{\"managedFields\":[]}"
      })
  void whatIsOddStays(String json) {
    var bytes = json.getBytes(UTF_8);

    var rest = ManagedFields.cut(bytes);

    assertThat(rest).isEqualTo(ByteBuffer.wrap(bytes));
    assertThat(rest.array()).isSameAs(bytes);
    assertThat(rest.arrayOffset()).isZero();
  }
}
