package dev.gambeson.cli;

import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "version", description = "Tells which Gambeson this is.")
final class VersionCommand implements Runnable {
  @Spec CommandSpec spec = CommandSpec.create();

  /** {@code gambeson 1.2.3}, and the Java that runs it. */
  static final class Provider implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"gambeson " + version() + " (Java " + Runtime.version() + ")"};
    }
  }

  @Override
  public void run() {
    spec.commandLine().getOut().println(new Provider().getVersion()[0]);
  }

  /** The version in the jar; {@code development} where there is no jar. */
  static String version() {
    return Objects.requireNonNullElse(
        VersionCommand.class.getPackage().getImplementationVersion(), "development");
  }
}
