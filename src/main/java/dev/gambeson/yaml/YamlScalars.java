package dev.gambeson.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Scalars as sigs.k8s.io/yaml reads them, which is go-yaml v2: YAML 1.1 without base 60, and
 * timestamps stay strings.
 */
final class YamlScalars {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final Set<String> TRUE =
      Set.of("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON");
  private static final Set<String> FALSE =
      Set.of("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF");
  private static final Set<String> NULL = Set.of("", "~", "null", "Null", "NULL");
  private static final Pattern NOT_FINITE =
      Pattern.compile("[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)");

  private static final Pattern STARTS_AS_NUMBER = Pattern.compile("[-+.0-9].*", Pattern.DOTALL);
  private static final Pattern INTEGER =
      Pattern.compile("(?<sign>[-+]?)(?<prefix>0[xX]|0[oO]|0[bB]|0(?=.)|)(?<digits>[0-9a-fA-F]+)");
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?");

  private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger MAX = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
  private static final double MAX_WRITTEN_AS_INTEGER = 1e21;

  private YamlScalars() {}

  /**
   * The value of a scalar.
   *
   * @throws YamlException if JSON cannot hold it, or its type is not that of its tag
   */
  static JsonNode resolve(YamlNode.Scalar scalar) throws YamlException {
    var tag = scalar.tag();
    if (tag == null) {
      return plain(scalar.text(), scalar.position());
    }
    if (tag.equals(Tag.BINARY)) {
      return binary(scalar);
    }
    if (tag.equals(Tag.INT)) {
      return tagged(scalar, tag, JsonNode::isIntegralNumber);
    }
    if (tag.equals(Tag.FLOAT)) {
      return tagged(scalar, tag, JsonNode::isNumber);
    }
    if (tag.equals(Tag.BOOL)) {
      return tagged(scalar, tag, JsonNode::isBoolean);
    }
    if (tag.equals(Tag.NULL)) {
      return tagged(scalar, tag, JsonNode::isNull);
    }
    return JSON.textNode(scalar.text());
  }

  private static JsonNode tagged(YamlNode.Scalar scalar, Tag tag, Predicate<JsonNode> fits)
      throws YamlException {
    var value = plain(scalar.text(), scalar.position());
    if (!fits.test(value)) {
      throw new YamlException(
          "the value is not of the type of its tag " + tag.getValue(), scalar.position());
    }
    return value;
  }

  private static JsonNode binary(YamlNode.Scalar scalar) throws YamlException {
    try {
      var bytes = Base64.getDecoder().decode(scalar.text().replaceAll("\\s", ""));
      return JSON.textNode(new String(bytes, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new YamlException("the value of !!binary must be base64", scalar.position());
    }
  }

  /**
   * The value of a text without quotes.
   *
   * @throws YamlException if JSON cannot hold it
   */
  static JsonNode plain(String text, Position position) throws YamlException {
    if (NULL.contains(text)) {
      return JSON.nullNode();
    }
    if (TRUE.contains(text)) {
      return JSON.booleanNode(true);
    }
    if (FALSE.contains(text)) {
      return JSON.booleanNode(false);
    }
    if (NOT_FINITE.matcher(text).matches()) {
      throw new YamlException(
          "JSON has no number " + text + ": quote it if it is a string", position);
    }
    var number = STARTS_AS_NUMBER.matcher(text).matches() ? number(text) : null;
    return number == null ? JSON.textNode(text) : number;
  }

  private static @Nullable JsonNode number(String text) {
    var digits = text.startsWith(".") ? text : text.replace("_", "");
    var integer = integer(digits);
    if (integer != null && integer.compareTo(MIN) >= 0 && integer.compareTo(MAX) <= 0) {
      return integerNode(integer);
    }
    if (!FLOAT.matcher(digits).matches()) {
      return null;
    }
    double value = Double.parseDouble(digits);
    if (Double.isInfinite(value)) {
      return null;
    }
    return value == Math.rint(value) && Math.abs(value) < MAX_WRITTEN_AS_INTEGER
        ? integerNode(new BigDecimal(value).toBigInteger())
        : JSON.numberNode(value);
  }

  private static @Nullable BigInteger integer(String text) {
    var match = INTEGER.matcher(text);
    if (!match.matches()) {
      return null;
    }
    int radix =
        switch (match.group("prefix")) {
          case "0x", "0X" -> 16;
          case "0o", "0O", "0" -> 8;
          case "0b", "0B" -> 2;
          default -> 10;
        };
    try {
      var value = new BigInteger(match.group("digits"), radix);
      return match.group("sign").equals("-") ? value.negate() : value;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static JsonNode integerNode(BigInteger value) {
    if (value.bitLength() < Integer.SIZE) {
      return JSON.numberNode(value.intValueExact());
    }
    return value.bitLength() < Long.SIZE
        ? JSON.numberNode(value.longValueExact())
        : JSON.numberNode(value);
  }
}
