package dev.gambeson.cli;

import dev.gambeson.cluster.HelmRelease;
import dev.gambeson.cluster.NoReleaseException;
import dev.gambeson.cluster.ReleaseConfiguration;
import dev.gambeson.cluster.UnreadableClusterException;
import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.verdict.Configuration;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that choose the configuration by which manifests are judged. */
final class ConfigurationChoice {
  /** The configuration of the working directory. */
  private static final String OWN = ".gambeson.yaml";

  private static final Pattern CONFIG_MAP = Pattern.compile("[^/]+/[^/]+");

  @Spec(Spec.Target.MIXEE)
  CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "The configuration of the webhook; without it, for a live cluster that of the release there, then "
              + OWN
              + " of the working directory, else the built-in profiles.")
  @Nullable String file;

  @Option(
      names = "--config-from-cluster",
      description =
          "Reads the configuration from the ConfigMap of the release that is installed in the cluster.")
  boolean fromCluster;

  @Option(
      names = "--config-map",
      paramLabel = "NAMESPACE/NAME",
      description = "Reads the configuration from this ConfigMap of the cluster.")
  @Nullable String configMap;

  @Mixin ClusterChoice clusterChoice = new ClusterChoice();

  /**
   * A configuration.
   *
   * @param text as it is written; empty for the built-in one
   * @param found where it was found; null where the command names it, or there is none
   * @param release whose it is; null where it is not known to be a release's
   */
  record Chosen(
      Configuration configuration,
      String text,
      @Nullable String found,
      @Nullable HelmRelease release) {

    private static Chosen of(ReleaseConfiguration read) {
      try {
        return new Chosen(
            ConfigurationLoader.load(read.text(), read.source()),
            read.text(),
            read.source(),
            read.release());
      } catch (ConfigurationException e) {
        throw new CommandFailure(
            ConfigurationOption.explain(e) + "\nThe cluster follows the last one that was valid.");
      }
    }

    private Chosen because(UnreadableClusterException reason) {
      return new Chosen(
          configuration,
          text,
          Objects.requireNonNullElse(found, "the built-in profiles")
              + ", because "
              + reason.getMessage(),
          null);
    }
  }

  /**
   * Reads the configuration.
   *
   * @throws CommandFailure if it cannot be read or is not valid
   */
  Chosen read() {
    if (!isFromCluster() && clusterChoice.isMade()) {
      throw usage("--context and --kubeconfig are for --cluster and --config-from-cluster");
    }
    return read(Path.of(""));
  }

  /**
   * Reads the configuration by which a live cluster is judged: that of its release, unless another
   * one is named.
   *
   * @throws CommandFailure if it cannot be read or is not valid
   */
  Chosen readForCluster() {
    try {
      return ofRelease();
    } catch (UnreadableClusterException e) {
      return read(Path.of("")).because(e);
    }
  }

  /**
   * Reads the configuration that a live cluster has, to be changed: that of its release, unless
   * another one is named. Where there may be one that is not seen, there is none to go on with.
   *
   * @throws CommandFailure if it cannot be read or is not valid
   */
  Chosen readToChange() {
    try {
      return ofRelease();
    } catch (NoReleaseException e) {
      return read(Path.of("")).because(e);
    } catch (UnreadableClusterException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()));
    }
  }

  private Chosen ofRelease() throws UnreadableClusterException {
    return file != null || isFromCluster()
        ? read(Path.of(""))
        : Chosen.of(ReleaseConfiguration.read(clusterChoice.access(), null));
  }

  private boolean isFromCluster() {
    return fromCluster || configMap != null;
  }

  Chosen read(Path workingDirectory) {
    if (isFromCluster() && file != null) {
      throw usage("--config and a configuration from the cluster: give one of them");
    }
    if (configMap != null && !CONFIG_MAP.matcher(configMap).matches()) {
      throw usage("--config-map must be NAMESPACE/NAME, not \"" + configMap + "\"");
    }
    if (isFromCluster()) {
      return fromCluster();
    }
    var own = workingDirectory.resolve(OWN);
    return file == null && Files.exists(own, LinkOption.NOFOLLOW_LINKS)
        ? fromFile(own.toString(), OWN + " of the working directory")
        : file == null
            ? new Chosen(ConfigurationOption.read(null), "", null, null)
            : fromFile(file, null);
  }

  private static Chosen fromFile(String file, @Nullable String found) {
    var text = ConfigurationOption.text(file);
    return new Chosen(ConfigurationOption.load(text, file).configuration(), text, found, null);
  }

  private Chosen fromCluster() {
    try {
      return Chosen.of(ReleaseConfiguration.read(clusterChoice.access(), configMap));
    } catch (UnreadableClusterException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()));
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
