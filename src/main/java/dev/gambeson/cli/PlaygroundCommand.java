package dev.gambeson.cli;

import dev.gambeson.config.ConfigurationFile;
import dev.gambeson.playground.Playground;
import dev.gambeson.server.Limits;
import dev.gambeson.server.PlaygroundServer;
import dev.gambeson.server.StartupException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "playground",
    description = {
      "Serves a page on which manifests are tried: what would be fixed and refused, while you type.",
      "The page needs nothing from elsewhere, and the server keeps nothing."
    },
    exitCodeList = {"1:it cannot start", "2:bad usage, or a configuration that cannot be used"},
    footer = {
      "  On this machine, in the browser:",
      "      gambeson playground",
      "  Behind a proxy of your own:",
      "      gambeson playground --host 0.0.0.0 --origin https://gambeson.example.com --no-open"
    })
final class PlaygroundCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8700",
      description = "The port of the page (default: ${DEFAULT-VALUE}); 0 for any free one.")
  int port;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "The address to listen on (default: ${DEFAULT-VALUE}). In a container: 0.0.0.0.")
  String host = "";

  @Option(
      names = "--origin",
      paramLabel = "URL",
      description =
          "Where browsers find the page if a proxy serves it, https://gambeson.example.com for example. Without it, they find it"
              + " at localhost only.")
  @Nullable URI origin;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration to begin with; the built-in profiles where there is none.")
  @Nullable String config;

  @Option(names = "--no-open", description = "Does not open the page in the browser.")
  boolean staysClosed;

  @Override
  public Integer call() throws InterruptedException {
    if (port < 0 || port > 65535) {
      throw new ParameterException(
          spec.commandLine(), "--port is " + port + ": a port is a number from 0 to 65535");
    }
    if (origin != null && (origin.getScheme() == null || origin.getRawAuthority() == null)) {
      throw new ParameterException(
          spec.commandLine(),
          "--origin is " + origin + ": write https://gambeson.example.com for example");
    }
    var commandLine = spec.commandLine();
    try {
      var server =
          PlaygroundServer.start(
              new Playground(configuration(), InstantSource.system()),
              host,
              port,
              origin,
              Limits.DEFAULTS);
      var page = origin == null ? "http://localhost:" + server.port() + "/" : origin.toString();
      commandLine.getOut().println("The playground is at " + page + " (Ctrl+C stops it).");
      commandLine.getOut().flush();
      if (!staysClosed) {
        open(page);
      }
    } catch (StartupException e) {
      commandLine.getErr().println("gambeson: " + e.getMessage());
      return ExitCodes.FAILED;
    }
    new CountDownLatch(1).await();
    return ExitCodes.FINE;
  }

  private String configuration() {
    if (config == null) {
      return Playground.CONFIGURATION;
    }
    ConfigurationOption.load(config);
    try {
      return ConfigurationFile.read(Path.of(config));
    } catch (IOException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()));
    }
  }

  /** Where there is no desktop, the line that names the page is enough. */
  private static void open(String page) {
    var system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    List<String> command;
    if (system.startsWith("mac")) {
      command = List.of("open", page);
    } else if (system.startsWith("windows")) {
      command = List.of("rundll32", "url.dll,FileProtocolHandler", page);
    } else if (System.getenv("DISPLAY") != null || System.getenv("WAYLAND_DISPLAY") != null) {
      command = List.of("xdg-open", page);
    } else {
      return;
    }
    try {
      new ProcessBuilder(command)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      // There is no such program.
    }
  }
}
