package dev.gambeson.cli;

import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ConfigurationFile;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.verdict.Configuration;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The configuration that {@code --config} names. */
final class ConfigurationOption {
  private ConfigurationOption() {}

  /**
   * Reads a configuration.
   *
   * @param name null for the built-in one
   * @throws CommandFailure if it cannot be read or is not valid
   */
  static Configuration read(@Nullable String name) {
    return name == null ? ConfigurationLoader.builtIn() : load(name).configuration();
  }

  /**
   * Reads a configuration, with what is likely not meant in it.
   *
   * @throws CommandFailure if it cannot be read or is not valid
   */
  static ConfigurationLoader.Loaded load(String name) {
    return load(text(name), name);
  }

  /**
   * The text of a configuration.
   *
   * @throws CommandFailure if it cannot be read
   */
  static String text(String name) {
    try {
      return ConfigurationFile.read(Path.of(name));
    } catch (IOException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Reads the text of a configuration, as {@link #load(String)}.
   *
   * @throws CommandFailure if it is not valid
   */
  static ConfigurationLoader.Loaded load(String text, String name) {
    try {
      return ConfigurationLoader.read(text, name);
    } catch (ConfigurationException e) {
      throw new CommandFailure(explain(e));
    }
  }

  /**
   * Chooses the profile that an option names.
   *
   * @throws ParameterException if there is none of that name
   */
  static Configuration.Choice choose(
      CommandSpec spec, Configuration configuration, String profile) {
    return configuration
        .choose(profile)
        .orElseThrow(
            () -> new ParameterException(spec.commandLine(), configuration.noProfile(profile)));
  }

  /** Everything that is wrong with a configuration, one problem a line. */
  static String explain(ConfigurationException exception) {
    int count = exception.problems().size();
    return "the configuration cannot be used ("
        + (count == 1 ? "1 problem" : count + " problems")
        + "):\n"
        + exception.getMessage();
  }
}
