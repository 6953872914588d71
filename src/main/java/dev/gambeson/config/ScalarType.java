package dev.gambeson.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gambeson.admission.StrictModel;
import dev.gambeson.pod.Amount;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.PodSecurityVersion;
import dev.gambeson.verdict.Expiry;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Strings, numbers, booleans, and what is written as one of them.
 *
 * @param wanted what a value must be, in words
 * @param reader null for a node of another type; throws {@link IllegalArgumentException} or {@link
 *     DateTimeException} for one that says nothing meaningful
 * @param standIn takes the place of a value that cannot be read
 */
record ScalarType(
    String wanted,
    Function<JsonNode, @Nullable Object> reader,
    Function<Object, JsonNode> writer,
    Object standIn,
    ObjectNode described)
    implements ValueType {

  /** The records that are written as one string. */
  static final Set<Class<?>> RECORDS = Set.of(PodSecurityVersion.class, Expiry.class);

  private static final String DURATION = "(?<days>[0-9]+d)?(?<rest>([0-9]+h)?([0-9]+m)?([0-9]+s)?)";
  private static final Pattern DURATION_FORM = Pattern.compile(DURATION);

  @Override
  public @Nullable Object read(JsonNode node, FieldPath path, ProblemReporter problems) {
    Object value = null;
    var reason = "";
    try {
      value = reader.apply(node);
    } catch (IllegalArgumentException | DateTimeException e) {
      reason = e instanceof NotThis ? ": " + e.getMessage() : "";
    }
    if (value == null) {
      problems.report(path, "must be " + wanted + ", not " + ValueInWords.of(node) + reason);
    }
    return value;
  }

  @Override
  public Object standIn(JsonNode node) {
    return standIn;
  }

  @Override
  public JsonNode write(Object value) {
    return writer.apply(value);
  }

  @Override
  public ObjectNode schema() {
    return described.deepCopy();
  }

  /** One string only. */
  static ScalarType constant(String only) {
    return new ScalarType(
        only,
        node -> only.equals(node.textValue()) ? only : null,
        value -> TextNode.valueOf(only),
        only,
        JsonNodeFactory.instance.objectNode().put("const", only));
  }

  static ScalarType of(Class<?> type) {
    if (type == String.class) {
      return text("a string", text -> text, "-", "");
    }
    if (type == boolean.class) {
      return new ScalarType(
          "true or false",
          node -> node.isBoolean() ? node.booleanValue() : null,
          value -> BooleanNode.valueOf((Boolean) value),
          true,
          schema("boolean"));
    }
    if (type == int.class || type == Integer.class) {
      return integer(node -> node.canConvertToInt() ? node.intValue() : null, 1);
    }
    if (type == long.class || type == Long.class) {
      return integer(node -> node.canConvertToLong() ? node.longValue() : null, 1L);
    }
    if (type == ZoneId.class) {
      return text("a time zone of the IANA database", ScalarType::zone, ZoneId.of("UTC"), "");
    }
    if (type == LocalDate.class) {
      var day =
          text(
              "a day, 2027-01-15 for example",
              LocalDate::parse,
              LocalDate.MAX,
              "[0-9]{4}-[0-9]{2}-[0-9]{2}");
      day.described.put("format", "date");
      return day;
    }
    if (type == Duration.class) {
      return new ScalarType(
          "a duration, 7d, 1h30m or 10s for example",
          node -> node.isTextual() ? duration(node.textValue()) : null,
          value -> TextNode.valueOf(text((Duration) value)),
          Duration.ofSeconds(1),
          schema("string")
              .put("minLength", 1)
              .put("pattern", "^" + DURATION.replaceAll("\\?<(days|rest)>", "") + "$"));
    }
    if (type == Expiry.class) {
      return text(
          "a day, 2027-03-31 for example, or an instant, 2027-03-31T18:00:00Z for example",
          Expiry::parse,
          Expiry.parse("9999-12-31"),
          Expiry.FORM);
    }
    if (type == PodSecurityVersion.class) {
      return text(
          "latest, or v1.36 for example",
          PodSecurityVersion::parse,
          PodSecurityVersion.LATEST,
          "latest|v1\\.[0-9]+");
    }
    if (type == Quantity.class) {
      var schema = JsonNodeFactory.instance.objectNode();
      schema.putArray("type").add("string").add("number");
      return new ScalarType(
          StrictModel.wanted(type),
          StrictModel::quantity,
          value -> TextNode.valueOf(value.toString()),
          new Quantity("1"),
          schema.put("pattern", "^" + Amount.FORM + "$"));
    }
    if (type.isEnum()) {
      return ofEnum(type);
    }
    throw new IllegalArgumentException("no configuration of type " + type);
  }

  /** As the Kubernetes API spells constants where they say so themselves, else in camel case. */
  static String spelt(Object constant) {
    var name = ((Enum<?>) constant).name();
    if (!constant.toString().equals(name) || !name.equals(name.toUpperCase(Locale.ROOT))) {
      return constant.toString();
    }
    var words = name.toLowerCase(Locale.ROOT).split("_");
    return words[0]
        + Arrays.stream(words)
            .skip(1)
            .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
            .collect(Collectors.joining());
  }

  private static ScalarType ofEnum(Class<?> type) {
    var constants = List.<Object>of(type.getEnumConstants());
    var names = constants.stream().map(ScalarType::spelt).toList();
    var schema = JsonNodeFactory.instance.objectNode();
    names.forEach(schema.putArray("enum")::add);
    if (names.contains("off")) {
      schema.withArray("enum").add(false);
    }
    return new ScalarType(
        String.join(", ", names.subList(0, names.size() - 1)) + " or " + names.getLast(),
        node -> {
          // YAML 1.1, which Kubernetes reads, takes a plain "off" for false.
          var text = node.isBoolean() && !node.booleanValue() ? "off" : node.textValue();
          int index = names.indexOf(text);
          if (index < 0 && text != null) {
            var near = Suggestion.text(text, names);
            if (!near.isEmpty()) {
              throw new NotThis(near.substring(2));
            }
          }
          return index < 0 ? null : constants.get(index);
        },
        value -> TextNode.valueOf(spelt(value)),
        constants.getFirst(),
        schema);
  }

  private static ScalarType text(
      String wanted, Function<String, Object> reader, Object standIn, String pattern) {
    var schema = schema("string");
    if (!pattern.isEmpty()) {
      schema.put("pattern", "^(" + pattern + ")$");
    }
    return new ScalarType(
        wanted,
        node -> node.isTextual() ? reader.apply(node.textValue()) : null,
        value -> TextNode.valueOf(value.toString()),
        standIn,
        schema);
  }

  private static ZoneId zone(String id) {
    var known = ZoneId.getAvailableZoneIds();
    if (!known.contains(id)) {
      var near = Suggestion.text(id, known);
      throw new NotThis(near.isEmpty() ? "write Asia/Shanghai for example" : near.substring(2));
    }
    return ZoneId.of(id);
  }

  private static Duration duration(String text) {
    var match = DURATION_FORM.matcher(text);
    if (!match.matches()) {
      throw new IllegalArgumentException();
    }
    var days = Objects.requireNonNullElse(match.group("days"), "");
    var rest = match.group("rest");
    return Duration.parse("P" + days + (rest.isEmpty() ? "" : "T" + rest));
  }

  private static String text(Duration duration) {
    var days = duration.toDaysPart() == 0 ? "" : duration.toDaysPart() + "d";
    var rest = duration.minusDays(duration.toDaysPart());
    return days.isEmpty() || !rest.isZero()
        ? days + rest.toString().substring(2).toLowerCase(Locale.ROOT)
        : days;
  }

  private static ScalarType integer(Function<JsonNode, @Nullable Object> reader, Object standIn) {
    return new ScalarType(
        "an integer",
        node -> node.isIntegralNumber() ? reader.apply(node) : null,
        value -> integer(((Number) value).longValue()),
        standIn,
        schema("integer"));
  }

  /** As a reader would make it: the smallest node that holds the number. */
  private static JsonNode integer(long value) {
    return value == (int) value
        ? JsonNodeFactory.instance.numberNode((int) value)
        : JsonNodeFactory.instance.numberNode(value);
  }

  private static ObjectNode schema(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }

  /** A value of the right form that cannot be meant, and what may be. */
  private static final class NotThis extends IllegalArgumentException {
    NotThis(String message) {
      super(message);
    }
  }
}
