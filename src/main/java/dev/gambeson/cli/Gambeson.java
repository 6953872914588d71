package dev.gambeson.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code gambeson}. */
@Command(
    name = "gambeson",
    description = {
      "Pads every pod before it runs: fills in what its author left out, and refuses what breaks the rules of its namespace."
    },
    subcommands = {
      ServeCommand.class,
      ReviewCommand.class,
      TestCommand.class,
      AdoptCommand.class,
      ExplainCommand.class,
      PlaygroundCommand.class,
      RulesCommand.class,
      ConfigCommand.class,
      CertsCommand.class,
      ProbeCommand.class,
      UnregisterCommand.class,
      TrainCommand.class,
      CompletionCommand.class,
      VersionCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "  What would happen to the pods of a manifest:",
      "      gambeson review deployment.yaml",
      "  The same manifest, fixed, to the cluster:",
      "      gambeson review --output yaml deployment.yaml | kubectl apply -f -",
      "  What a rule does, and how it is configured:",
      "      gambeson rules SeccompProfile",
      "  The webhook itself, on this machine:",
      "      gambeson serve",
      "",
      "gambeson COMMAND --help tells the options of a command."
    })
public final class Gambeson implements Runnable {
  @Spec CommandSpec spec = CommandSpec.create();

  /** Runs a command and exits with its exit code. */
  public static void main(String[] args) {
    // Manifests are UTF-8 whatever the locale is; what they hold must come out as it went in.
    var commandLine =
        commandLine().setOut(Terminal.writer(System.out)).setErr(Terminal.writer(System.err));
    System.exit(commandLine.execute(args));
  }

  static CommandLine commandLine() {
    var commandLine = new CommandLine(new Gambeson());
    dress(commandLine);
    return commandLine
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setUsageHelpLongOptionsMaxWidth(30)
        .setParameterExceptionHandler(Gambeson::explainUsage)
        .setExecutionExceptionHandler(Gambeson::explainFailure);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command?");
  }

  /** Gives a command, and those below it, what all have in common. */
  private static void dress(CommandLine commandLine) {
    var spec = commandLine.getCommandSpec();
    spec.mixinStandardHelpOptions(true).versionProvider(new VersionCommand.Provider());
    var usage = spec.usageMessage();
    usage
        .parameterListHeading("%n@|bold Arguments|@%n")
        .optionListHeading("%n@|bold Options|@%n")
        .commandListHeading("%n@|bold Commands|@%n");
    if (!usage.exitCodeList().isEmpty()) {
      usage.exitCodeListHeading("%n@|bold Exit codes|@%n");
    }
    if (usage.footer().length > 0) {
      usage.footerHeading("%n@|bold Examples|@%n");
    }
    commandLine.getSubcommands().values().forEach(Gambeson::dress);
  }

  private static int explainUsage(ParameterException exception, String... args) {
    var commandLine = exception.getCommandLine();
    var err = commandLine.getErr();
    err.println(commandLine.getColorScheme().errorText(exception.getMessage()));
    UnmatchedArgumentException.printSuggestions(exception, err);
    err.println("Try '" + commandLine.getCommandSpec().qualifiedName() + " --help' for the usage.");
    return ExitCodes.UNUSABLE;
  }

  private static int explainFailure(
      Exception exception, CommandLine commandLine, CommandLine.ParseResult parsed)
      throws Exception {
    if (exception instanceof CommandFailure) {
      commandLine
          .getErr()
          .println(commandLine.getColorScheme().errorText("gambeson: " + exception.getMessage()));
    } else {
      exception.printStackTrace(commandLine.getErr());
    }
    return ExitCodes.UNUSABLE;
  }
}
