package dev.gambeson.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.config.RuleOption;
import java.util.ArrayList;
import java.util.List;

/** The pages of the documentation about the rules, in Markdown. */
final class RulePage {
  private static final String HOW_IT_IS_WRITTEN =
      "<!-- `gambeson rules --output markdown` writes this page from the code. -->";

  private RulePage() {}

  /** The page of one rule. */
  static String of(RuleDescription rule) {
    var lines = new ArrayList<String>();
    lines.add(HOW_IT_IS_WRITTEN);
    lines.add("# " + rule.name());
    lines.add("");
    lines.add(rule.doc());
    lines.add("");
    lines.add("| | |");
    lines.add("| --- | --- |");
    lines.add("| Halves | " + rule.halves() + " |");
    lines.add("| Looks into | " + rule.visits() + " |");
    if (rule.fixes()) {
      lines.add("| What the fix may do | " + rule.mayDo() + " |");
      lines.add("| What the fix leaves alone (`except`) | " + rule.leavesAlone() + " |");
    }
    if (!rule.levels().isEmpty()) {
      lines.add("| Pod Security level | " + String.join(", ", rule.levels()) + " |");
    }
    lines.add("");
    lines.add("## Options");
    lines.add("");
    if (rule.options().isEmpty()) {
      lines.add(
          "None, besides `fix`, `except`, `check` and `enforceFrom`, which every rule has as far as it has that half.");
    } else {
      lines.add("| option | what it is | default | what it means |");
      lines.add("| --- | --- | --- | --- |");
      for (var option : rule.options()) {
        lines.add(
            "| `%s` | %s | %s | %s |"
                .formatted(option.name(), option.type(), byDefault(option), cell(option.doc())));
      }
    }
    if (!rule.values().isEmpty()) {
      lines.add("");
      lines.add("## Values of an exemption");
      lines.add("");
      lines.add("| key | what it is | what it means |");
      lines.add("| --- | --- | --- |");
      for (var value : rule.values()) {
        lines.add("| `%s` | %s | %s |".formatted(value.name(), value.type(), cell(value.doc())));
      }
    }
    lines.add("");
    lines.add("## In the built-in profiles");
    lines.add("");
    lines.add("| profile | fix | check |");
    lines.add("| --- | --- | --- |");
    for (var mode : rule.modes()) {
      lines.add("| `%s` | %s | %s |".formatted(mode.profile(), mode.fix(), mode.check()));
    }
    return String.join("\n", lines) + "\n";
  }

  /** The page that leads to the others. */
  static String index(List<RuleDescription> rules) {
    var lines = new ArrayList<String>();
    lines.add(HOW_IT_IS_WRITTEN);
    lines.add("# Rules");
    lines.add("");
    lines.add("In the order in which their fixes run.");
    lines.add("");
    lines.add("| rule | what it does | halves | what the fix may do | Pod Security level |");
    lines.add("| --- | --- | --- | --- | --- |");
    for (var rule : rules) {
      lines.add(
          "| [%1$s](%1$s.md) | %2$s | %3$s | %4$s | %5$s |"
              .formatted(
                  rule.name(),
                  cell(rule.summary()),
                  rule.halves(),
                  rule.mayDo(),
                  String.join(", ", rule.levels())));
    }
    return String.join("\n", lines) + "\n";
  }

  private static String byDefault(RuleOption option) {
    var value = option.byDefault();
    return value == null ? "–" : "`" + cell(plain(value)) + "`";
  }

  /** A value in one line of YAML. */
  static String plain(JsonNode value) {
    if (value.isTextual()) {
      return value.asText().isEmpty() ? "\"\"" : value.asText();
    }
    if (value.isArray()) {
      return "[" + String.join(", ", value.valueStream().map(RulePage::plain).toList()) + "]";
    }
    if (value.isObject()) {
      return "{"
          + String.join(
              ", ",
              value
                  .propertyStream()
                  .map(entry -> entry.getKey() + ": " + plain(entry.getValue()))
                  .toList())
          + "}";
    }
    return value.toString();
  }

  private static String cell(String text) {
    return text.replace('\n', ' ').replace("|", "\\|");
  }
}
