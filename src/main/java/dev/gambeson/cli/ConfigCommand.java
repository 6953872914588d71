package dev.gambeson.cli;

import dev.gambeson.config.ConfigurationSchema;
import dev.gambeson.config.ConfigurationWriter;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "config",
    description = "Checks, describes and shows configurations.",
    subcommands = {
      ConfigDiff.class,
      ConfigCommand.Schema.class,
      ConfigCommand.Show.class,
      ConfigCommand.Validate.class
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "  Is the file good?",
      "      gambeson config validate config.yaml",
      "  What do the built-in profiles do?",
      "      gambeson config show --all",
      "  What does mine do otherwise?",
      "      gambeson config show --config config.yaml",
      "  What would another one change?",
      "      gambeson config diff config.yaml new.yaml k8s/",
      "  The schema for an editor, to complete and check while typing:",
      "      gambeson config schema > gambeson.schema.json"
    })
final class ConfigCommand implements Runnable {
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command?");
  }

  @Command(
      name = "validate",
      description = "Checks a configuration and lists everything that is wrong with it.",
      exitCodeList = {
        "0:the file is good; warnings name what is likely not meant",
        "2:it is not, or cannot be read"
      })
  static final class Validate implements Runnable {
    @Spec CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE", description = "The configuration.")
    String file = "";

    @Override
    public void run() {
      var loaded = ConfigurationOption.load(file);
      loaded
          .warnings()
          .forEach(warning -> spec.commandLine().getErr().println("warning: " + warning));
      var names = String.join(", ", new TreeSet<>(loaded.configuration().profiles().keySet()));
      spec.commandLine().getOut().println(file + ": ok (profiles: " + names + ")");
    }
  }

  @Command(name = "schema", description = "Prints the JSON schema of the configuration.")
  static final class Schema implements Runnable {
    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
      print(spec, ConfigurationSchema.write());
    }
  }

  @Command(
      name = "show",
      description =
          "Prints what differs from the built-in profiles, or with --all everything that is in force. What it prints is a configuration.")
  static final class Show implements Runnable {
    private static final String ALL = "; all that is in force: gambeson config show --all\n";
    private static final String DIFFERS = "# What differs from the built-in profiles" + ALL;
    private static final String NOTHING_DIFFERS =
        "# Nothing differs from the built-in profiles" + ALL;

    @Spec CommandSpec spec = CommandSpec.create();

    @Option(
        names = "--config",
        paramLabel = "FILE",
        description = "The configuration; without it the built-in one.")
    @Nullable String file;

    @Option(
        names = "--all",
        description = "Everything that is in force, with the built-in profiles.")
    boolean all;

    @Option(names = "--profile", paramLabel = "NAME", description = "Everything of this profile.")
    @Nullable String name;

    @Override
    public void run() {
      if (name == null && !all) {
        print(
            spec,
            Optional.ofNullable(file)
                .map(ConfigurationOption::load)
                .flatMap(ConfigurationWriter::difference)
                .map(yaml -> DIFFERS + yaml)
                .orElse(NOTHING_DIFFERS));
        return;
      }
      var configuration = ConfigurationOption.read(file);
      if (name == null) {
        print(spec, ConfigurationWriter.write(configuration));
        return;
      }
      var profile = configuration.profiles().get(name);
      if (profile == null) {
        throw new CommandFailure(configuration.noProfile(name));
      }
      print(spec, ConfigurationWriter.write(profile));
    }
  }

  private static void print(CommandSpec spec, String text) {
    spec.commandLine().getOut().print(text);
    spec.commandLine().getOut().flush();
  }
}
