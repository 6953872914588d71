package dev.gambeson.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.config.RuleOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The pages of the documentation about the rules, in Markdown. */
public final class RulePage {
  private static final String HOW_IT_IS_WRITTEN =
      "<!-- `gambeson rules --output markdown` writes this page from the code. -->";

  private static final int COLUMNS = 100;

  /** As many words as fit into a line; the next line must not begin like a list or a heading. */
  private static final Pattern LINE =
      Pattern.compile("(\\S.{0,%d}|\\S+)(?: (?![-+*#] |\\d+[.)] )|\\z)".formatted(COLUMNS - 1));

  private RulePage() {}

  /** The page of one rule. */
  public static String of(RuleDescription rule) {
    var lines = new ArrayList<String>();
    lines.add(HOW_IT_IS_WRITTEN);
    lines.add("# " + rule.name());
    lines.add("");
    lines.add(wrapped(rule.doc()));
    lines.add("");
    lines.add("| | |");
    lines.add("| --- | --- |");
    lines.add("| Has | " + rule.halves() + " |");
    lines.add("| Looks into | " + rule.visits() + " |");
    if (rule.fixes()) {
      lines.add("| What the fix may do | " + rule.mayDo() + " |");
      if (rule.mayStopContainers()) {
        lines.add("| How to tell beforehand | " + rule.howToTell() + " |");
      }
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
          "None of its own. Every rule with a fix has `fix` and `except`; every rule with a check has\n"
              + "`check` and `enforceFrom`.");
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
  public static String index(List<RuleDescription> rules) {
    var lines = new ArrayList<String>();
    lines.add(HOW_IT_IS_WRITTEN);
    lines.add("# Rules");
    lines.add("");
    lines.add(
        "The rules are in the order in which their fixes run. The columns of the built-in profiles show");
    lines.add(
        "the [modes](../configuration.md#modes) of the fix and of the check. Where a rule checks controls of");
    lines.add(
        "Pod Security, each mode has the level of the controls, or `options` for the rule's own options.");
    lines.add("");
    var head = new ArrayList<>(List.of("rule", "what it does"));
    rules.getFirst().modes().forEach(mode -> head.add("`" + mode.profile() + "`"));
    head.addAll(List.of("what the fix may do", "Pod Security level"));
    lines.add(row(head));
    lines.add(row(head.stream().map(column -> "---").toList()));
    for (var rule : rules) {
      var row =
          new ArrayList<>(List.of("[%1$s](%1$s.md)".formatted(rule.name()), cell(rule.summary())));
      rule.modes().forEach(mode -> row.add(modes(rule, mode)));
      row.addAll(List.of(rule.mayDo(), String.join(", ", rule.levels())));
      lines.add(row(row));
    }
    return String.join("\n", lines) + "\n";
  }

  private static String modes(RuleDescription rule, RuleDescription.Mode mode) {
    var modes = new ArrayList<String>();
    if (rule.fixes()) {
      modes.add("fix: " + mode.fix());
    }
    if (rule.checks()) {
      modes.add("check: " + mode.check());
    }
    return String.join("<br>", modes);
  }

  private static String row(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |";
  }

  /** Paragraphs with longer lines than the page has, written anew. */
  private static String wrapped(String markdown) {
    return Arrays.stream(markdown.split("\n\n", -1))
        .map(paragraph ->
            paragraph.lines().allMatch(line -> line.length() <= COLUMNS)
                ? paragraph
                : LINE.matcher(paragraph.replace('\n', ' ')).replaceAll("$1\n").stripTrailing())
        .collect(Collectors.joining("\n\n"));
  }

  private static String byDefault(RuleOption option) {
    var value = option.byDefault();
    return value == null ? "–" : "`" + cell(plain(value)) + "`";
  }

  /** A value in one line of YAML. */
  public static String plain(JsonNode value) {
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
