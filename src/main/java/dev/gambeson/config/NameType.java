package dev.gambeson.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.Rule;
import dev.gambeson.rules.Rules;
import dev.gambeson.verdict.Configuration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names: strings that have a form, or must be known.
 *
 * @param described their JSON schema
 * @param refusal what is wrong with a name; empty where nothing is
 */
record NameType(ObjectNode described, Function<String, String> refusal) implements ValueType {
  /** What a profile extends that starts empty. */
  static final String NONE = "none";

  static final NameType ANY = form("\\s*\\S[\\s\\S]*", List.of(), "is empty");

  static final NameType RULE = rule(rule -> true, "");

  static final NameType RULE_WITH_FIX =
      rule(rule -> rule instanceof Rule.Fix, " has no fix that a pod could skip");

  /** A rule, after which a field may follow. */
  static final NameType VIOLATED = before(RULE);

  /** The same of rules that have a fix. */
  static final NameType FIXED = before(rule(rule -> rule instanceof Rule.Fix, " has no fix"));

  static final NameType PROFILE =
      form(
          "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?",
          List.of(NONE, Configuration.DEFAULT),
          "the name of a profile is part of URLs: lower case letters, digits and -, at most 63,"
              + " and neither none nor default");

  static final NameType NAMESPACE_GLOB =
      form(
          "[-a-z0-9*]+",
          List.of(),
          "must be the name of a namespace, in which * stands for any characters");

  static final NameType URL =
      form(
              "https?://[^/?#@\\s\\x00-\\x20\\x7f]+([/?#][!-~]*)?",
              List.of(),
              "must be a URL, https://wiki.example.com/gambeson/{rule} for example")
          .atMost(200);

  static final NameType CONTACT =
      form(
              "[^\\x00-\\x1f\\x7f]*[^\\s\\x00-\\x1f\\x7f][^\\x00-\\x1f\\x7f]*",
              List.of(),
              "must be one line: whom to ask")
          .atMost(100);

  private static NameType form(String form, List<String> reserved, String refusal) {
    var schema =
        JsonNodeFactory.instance
            .objectNode()
            .put("type", "string")
            .put("pattern", "^" + form + "$");
    if (!reserved.isEmpty()) {
      reserved.forEach(schema.putObject("not").putArray("enum")::add);
    }
    var pattern = Pattern.compile(form);
    return new NameType(
        schema, name -> pattern.matcher(name).matches() && !reserved.contains(name) ? "" : refusal);
  }

  private NameType atMost(int characters) {
    var schema = schema().put("maxLength", characters);
    return new NameType(
        schema,
        name ->
            name.codePointCount(0, name.length()) > characters
                ? "must have at most " + characters + " characters"
                : refusal.apply(name));
  }

  private static NameType rule(Predicate<Rule> fits, String refusal) {
    var schema = JsonNodeFactory.instance.objectNode();
    Rules.all().stream().filter(fits).map(Rule::name).forEach(schema.putArray("enum")::add);
    var all = Rules.all().stream().map(Rule::name).toList();
    return new NameType(
        schema,
        name ->
            Rules.named(name)
                .map(rule -> fits.test(rule) ? "" : name + refusal)
                .orElseGet(() -> Suggestion.unknown("rule", name, all)));
  }

  private static NameType before(NameType first) {
    return new NameType(
        JsonNodeFactory.instance.objectNode().put("type", "string"),
        text -> first.refusal.apply(text.replaceFirst(" .*", "")));
  }

  @Override
  public String wanted() {
    return "a string";
  }

  @Override
  public @Nullable Object read(JsonNode node, FieldPath path, ProblemReporter problems) {
    if (!node.isTextual()) {
      problems.report(path, "must be a string, not " + ValueInWords.of(node));
      return null;
    }
    var refused = refusal.apply(node.textValue());
    if (!refused.isEmpty()) {
      problems.report(path, refused);
      return null;
    }
    return node.textValue();
  }

  @Override
  public Object standIn(JsonNode node) {
    return "-";
  }

  @Override
  public JsonNode write(Object name) {
    return TextNode.valueOf((String) name);
  }

  @Override
  public ObjectNode schema() {
    return described.deepCopy();
  }
}
