package dev.gambeson.cli;

import dev.gambeson.cluster.ReleaseController;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "unregister",
    description = {
      "Deletes the MutatingWebhookConfiguration and the ValidatingWebhookConfiguration of that name, so that no pod waits for a server"
          + " that is about to go. The Helm chart runs it before an uninstallation."
    },
    exitCodeList = {"0:they are gone", "1:the API server did not delete them"})
final class UnregisterCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "NAME", description = "The name of both configurations.")
  String name = "";

  @Override
  public Integer call() {
    try (var client = new KubernetesClientBuilder().build()) {
      ReleaseController.unregister(client, name);
      spec.commandLine().getOut().println("deleted the webhook configurations " + name);
      return ExitCodes.FINE;
    } catch (KubernetesClientException e) {
      spec.commandLine().getErr().println("gambeson: " + e.getMessage());
      return ExitCodes.FAILED;
    }
  }
}
