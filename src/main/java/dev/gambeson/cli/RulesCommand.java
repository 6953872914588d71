package dev.gambeson.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.config.Suggestion;
import dev.gambeson.report.RuleDescription;
import dev.gambeson.report.RulePage;
import dev.gambeson.rule.Rule;
import dev.gambeson.rules.Rules;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "rules",
    description =
        "Lists the rules, or explains one: what it fixes and checks, its options, what the built-in profiles do with it.",
    footer = {"  gambeson rules", "  gambeson rules SeccompProfile"})
final class RulesCommand implements Runnable {
  /** What the command prints. */
  enum Output {
    TEXT,
    MARKDOWN,
    JSON;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** For completion in the shell and for suggestions. */
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Rules.all().stream().<String>map(Rule::name).iterator();
    }
  }

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "RULE",
      arity = "0..1",
      completionCandidates = Names.class,
      description = "The name of a rule; without it, all are listed.")
  @Nullable String name;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text, markdown or json (default: ${DEFAULT-VALUE}).")
  Output output = Output.TEXT;

  @Override
  public void run() {
    var ansi = spec.commandLine().getColorScheme().ansi();
    var out = spec.commandLine().getOut();
    out.print(name == null ? list(all(), ansi) : explain(one(name), ansi));
    out.flush();
  }

  static List<RuleDescription> all() {
    var builtIn = ConfigurationLoader.builtIn();
    return Rules.all().stream().map(rule -> RuleDescription.of(rule, builtIn)).toList();
  }

  private RuleDescription one(String wanted) {
    var found = named(wanted, spec.commandLine());
    return all().stream().filter(rule -> rule.name().equals(found)).findFirst().orElseThrow();
  }

  /** The name of a rule that someone wrote, in whatever case. */
  static String named(String wanted, CommandLine commandLine) {
    return Rules.all().stream()
        .<String>map(Rule::name)
        .filter(name -> name.equalsIgnoreCase(wanted))
        .findFirst()
        .orElseThrow(() ->
            new ParameterException(
                commandLine, "There is no rule \"" + wanted + "\"" + instead(wanted)));
  }

  private static String instead(String wanted) {
    var names = Rules.all().stream().map(Rule::name).toList();
    var near = Suggestion.text(wanted, names);
    return near.isEmpty() ? "; there are " + String.join(", ", names) : near;
  }

  private String list(List<RuleDescription> rules, Ansi ansi) {
    return switch (output) {
      case TEXT -> {
        var text = new StringBuilder();
        for (var rule : rules) {
          text.append(ansi.string("@|bold " + "%-26s".formatted(rule.name()) + "|@"))
              .append("%-12s%s\n".formatted(rule.halves(), rule.summary()));
        }
        yield text.append("\ngambeson rules RULE explains one.\n").toString();
      }
      case MARKDOWN -> RulePage.index(rules);
      case JSON -> {
        var root = JsonNodeFactory.instance.objectNode();
        var array = root.putArray("rules");
        rules.forEach(rule -> array.add(json(rule)));
        yield root.toPrettyString() + "\n";
      }
    };
  }

  private String explain(RuleDescription rule, Ansi ansi) {
    return switch (output) {
      case TEXT -> text(rule, ansi);
      case MARKDOWN -> RulePage.of(rule);
      case JSON -> json(rule).toPrettyString() + "\n";
    };
  }

  private static String text(RuleDescription rule, Ansi ansi) {
    var text = new StringBuilder();
    text.append(ansi.string("@|bold " + rule.name() + "|@"))
        .append(" (" + rule.halves() + ")\n\n" + rule.doc() + "\n");
    text.append("\n" + ansi.string("@|bold Looks into|@") + ": " + rule.visits() + "\n");
    if (rule.fixes()) {
      text.append("\n" + ansi.string("@|bold What the fix may do|@") + ": " + rule.mayDo() + "\n");
      text.append(
          "\n"
              + ansi.string("@|bold What the fix leaves alone|@")
              + " (except): "
              + rule.leavesAlone()
              + "\n");
    }
    if (!rule.levels().isEmpty()) {
      text.append(
          "\n"
              + ansi.string("@|bold Pod Security level|@")
              + ": "
              + String.join(", ", rule.levels())
              + "\n");
    }
    if (!rule.options().isEmpty()) {
      text.append("\n" + ansi.string("@|bold Options|@") + "\n");
      for (var option : rule.options()) {
        var value = option.byDefault();
        text.append(
            "  %s: %s%s\n      %s\n"
                .formatted(
                    option.name(),
                    option.type(),
                    value == null ? "" : "; default " + RulePage.plain(value),
                    option.doc().replace("\n", "\n      ")));
      }
    }
    if (!rule.values().isEmpty()) {
      text.append("\n" + ansi.string("@|bold Values of an exemption|@") + "\n");
      for (var value : rule.values()) {
        text.append(
            "  %s: %s\n      %s\n"
                .formatted(value.name(), value.type(), value.doc().replace("\n", "\n      ")));
      }
    }
    text.append("\n" + ansi.string("@|bold In the built-in profiles|@") + "\n");
    for (var mode : rule.modes()) {
      text.append(
          "  %-10s fix %-7s check %s\n".formatted(mode.profile(), mode.fix(), mode.check()));
    }
    return text.toString();
  }

  private static ObjectNode json(RuleDescription rule) {
    var node = JsonNodeFactory.instance.objectNode();
    node.put("name", rule.name());
    node.put("summary", rule.summary());
    node.put("doc", rule.doc());
    node.put("fix", rule.fixes());
    node.put("check", rule.checks());
    rule.containers().forEach(node.putArray("containers")::add);
    node.put("risk", rule.fixes() ? rule.risks().getLast() : null);
    rule.risks().forEach(node.putArray("risks")::add);
    if (rule.fixes()) {
      var except = node.putObject("except");
      rule.except().ownerKinds().forEach(except.putArray("ownerKinds")::add);
      rule.except().priorityClasses().forEach(except.putArray("priorityClasses")::add);
    }
    rule.levels().forEach(node.putArray("podSecurity")::add);
    var options = node.putArray("options");
    for (var option : rule.options()) {
      options
          .addObject()
          .put("name", option.name())
          .put("type", option.type())
          .put("doc", option.doc())
          .set("default", option.byDefault());
    }
    var values = node.putArray("exemptionValues");
    for (var value : rule.values()) {
      values
          .addObject()
          .put("name", value.name())
          .put("type", value.type())
          .put("doc", value.doc());
    }
    var profiles = node.putObject("profiles");
    for (var mode : rule.modes()) {
      profiles.putObject(mode.profile()).put("fix", mode.fix()).put("check", mode.check());
    }
    return node;
  }
}
