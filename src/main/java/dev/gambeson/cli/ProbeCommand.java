package dev.gambeson.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gambeson.server.SampleReview;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "probe",
    description = {
      "Sends the review of a pod to a webhook, as an API server does, and prints its answer. The Helm chart's test runs it."
    },
    exitCodeList = {"0:the webhook came to a verdict", "1:it did not"},
    footer = {"  gambeson probe --ca ca.crt https://localhost:8443/validate/strict"})
final class ProbeCommand implements Callable<Integer> {
  private static final Pattern ADDRESS = Pattern.compile("(.+):(\\d{1,5})");
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "URL", description = "The webhook's URL.")
  URI url = URI.create("");

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      required = true,
      description = "Whose certificates to trust, in PEM.")
  Path authorities = Path.of("");

  @Option(
      names = "--address",
      paramLabel = "HOST:PORT",
      description = "Where to connect to, in the place of the URL's host.")
  @Nullable String address;

  @Override
  public Integer call() {
    var output = spec.commandLine();
    if (!"https".equals(url.getScheme()) || url.getHost() == null) {
      throw new ParameterException(output, url + " is not an https:// URL");
    }
    if (!Files.isReadable(authorities)) {
      throw new CommandFailure(authorities + " cannot be read");
    }
    var trusting =
        new HttpClientOptions()
            .setTrustOptions(new PemTrustOptions().addCertPath(authorities.toString()));
    try (var client = new SampleClient(trusting)) {
      var answer = client.post(request(), SampleReview.JSON, TIMEOUT);
      var allowed = new ObjectMapper().readTree(answer).at("/response/allowed");
      if (allowed.isBoolean()) {
        output.getOut().println(answer);
        return ExitCodes.FINE;
      }
      output.getErr().println("gambeson: no verdict: " + answer);
    } catch (JsonProcessingException e) {
      output.getErr().println("gambeson: the answer is not an AdmissionReview");
    } catch (CompletionException e) {
      output.getErr().println("gambeson: no answer: " + e.getCause());
    }
    return ExitCodes.FAILED;
  }

  private RequestOptions request() {
    var request = new RequestOptions().setAbsoluteURI(url.toString());
    if (address != null) {
      request.setServer(socketAddress(address));
    }
    return request;
  }

  private SocketAddress socketAddress(String text) {
    var parts = ADDRESS.matcher(text);
    if (!parts.matches()) {
      throw new ParameterException(spec.commandLine(), "--address " + text + ": write HOST:PORT");
    }
    return SocketAddress.inetSocketAddress(Integer.parseInt(parts.group(2)), parts.group(1));
  }
}
