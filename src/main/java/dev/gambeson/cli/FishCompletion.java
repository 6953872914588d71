package dev.gambeson.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The completions of a command in fish, which picocli does not write. */
final class FishCompletion {
  private final String program;
  private final StringBuilder script = new StringBuilder();

  private FishCompletion(String program) {
    this.program = program;
  }

  /** The lines to source, for a command and all below it. */
  static String of(CommandSpec root) {
    var completion = new FishCompletion(root.name());
    completion.add(root, "");
    return completion.script.toString();
  }

  /**
   * Adds what may follow a command.
   *
   * @param above the condition that the line has the commands above; empty for none
   */
  private void add(CommandSpec command, String above) {
    var below = command.subcommands().values().stream().map(CommandLine::getCommandSpec).toList();
    var here = above;
    if (!below.isEmpty()) {
      var names = below.stream().map(CommandSpec::name).collect(Collectors.joining(" "));
      here = and(above, "not __fish_seen_subcommand_from " + names);
      for (var each : below) {
        if (!each.usageMessage().hidden()) {
          line(
              here,
              List.of(
                  "-f", "-a", each.name(), "-d", quoted(first(each.usageMessage().description()))));
        }
      }
    }
    for (var option : command.options()) {
      if (!option.hidden()) {
        line(here, option(option));
      }
    }
    if (below.isEmpty() && command.positionalParameters().isEmpty()) {
      line(here, List.of("-f"));
    }
    for (var parameter : command.positionalParameters()) {
      line(here, values(parameter));
    }
    for (var each : below) {
      add(each, and(above, "__fish_seen_subcommand_from " + each.name()));
    }
  }

  private static List<String> option(OptionSpec option) {
    var words = new ArrayList<String>();
    for (var name : option.names()) {
      words.add(name.startsWith("--") ? "-l" : "-s");
      words.add(name.replaceFirst("^--?", ""));
    }
    words.add("-d");
    words.add(quoted(first(option.description())));
    if (option.arity().max() > 0) {
      words.add("-r");
      words.addAll(values(option));
    }
    return words;
  }

  /** What completes a value: its candidates or files; nothing where only the user knows. */
  private static List<String> values(ArgSpec argument) {
    if (argument.completionCandidates() != null) {
      var candidates =
          StreamSupport.stream(argument.completionCandidates().spliterator(), false)
              .collect(Collectors.joining(" "));
      return List.of("-f", "-a", quoted(candidates));
    }
    return List.of(isFile(argument) ? "-F" : "-f");
  }

  private static boolean isFile(ArgSpec argument) {
    return argument.typeInfo().getType() == Path.class
        || List.of("FILE", "DIR").contains(argument.paramLabel());
  }

  private void line(String condition, List<String> words) {
    script.append("complete -c ").append(program);
    if (!condition.isEmpty()) {
      script.append(" -n ").append(quoted(condition));
    }
    words.forEach(word -> script.append(' ').append(word));
    script.append('\n');
  }

  private static String and(String above, String condition) {
    return above.isEmpty() ? condition : above + "; and " + condition;
  }

  /** The first sentence of a description. */
  private static String first(String... description) {
    return description.length == 0 ? "" : description[0].split("[.;:](?= )|\\.$| \\(", 2)[0];
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
