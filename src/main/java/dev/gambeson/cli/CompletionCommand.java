package dev.gambeson.cli;

import java.util.Locale;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "completion",
    description = "Prints the script that completes commands, options and rules in a shell.",
    footer = {
      "  In ~/.bashrc:",
      "      source <(gambeson completion bash)",
      "  In ~/.zshrc, after compinit:",
      "      source <(gambeson completion zsh)",
      "  In ~/.config/fish/config.fish:",
      "      gambeson completion fish | source"
    })
final class CompletionCommand implements Runnable {
  enum Shell {
    BASH,
    ZSH,
    FISH;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
  Shell shell = Shell.BASH;

  @Override
  public void run() {
    var root = spec.root();
    var out = spec.commandLine().getOut();
    out.print(
        switch (shell) {
          // The script for bash loads what zsh has for such scripts.
          case BASH, ZSH -> AutoComplete.bash(root.name(), root.commandLine());
          case FISH -> FishCompletion.of(root);
        });
    out.flush();
  }
}
