package dev.gambeson.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gambeson.server.GambesonServer;
import dev.gambeson.server.SampleReview;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
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
  private static final long TIMEOUT_SECONDS = 10;

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
      throw new ParameterException(output, url + " is no https:// URL");
    }
    if (!Files.isReadable(authorities)) {
      throw new CommandFailure(authorities + " cannot be read");
    }
    var vertx = Vertx.vertx(new VertxOptions().setFileSystemOptions(GambesonServer.WITHOUT_CACHE));
    try {
      var answer = send(vertx);
      var allowed = new ObjectMapper().readTree(answer).at("/response/allowed");
      if (allowed.isBoolean()) {
        output.getOut().println(answer);
        return ExitCodes.FINE;
      }
      output.getErr().println("gambeson: no verdict: " + answer);
    } catch (JsonProcessingException e) {
      output.getErr().println("gambeson: the answer is no AdmissionReview");
    } catch (CompletionException e) {
      output.getErr().println("gambeson: no answer: " + e.getCause());
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
    return ExitCodes.FAILED;
  }

  private String send(Vertx vertx) {
    var client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setSsl(true)
                .setTrustOptions(new PemTrustOptions().addCertPath(authorities.toString())));
    var request = new RequestOptions().setMethod(HttpMethod.POST).setAbsoluteURI(url.toString());
    if (address != null) {
      request.setServer(socketAddress(address));
    }
    return client
        .request(request.putHeader("Content-Type", "application/json"))
        .compose(sending -> sending.send(Buffer.buffer(SampleReview.JSON)))
        .compose(response -> response.body())
        .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .map(Buffer::toString)
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  private SocketAddress socketAddress(String text) {
    var parts = ADDRESS.matcher(text);
    if (!parts.matches()) {
      throw new ParameterException(spec.commandLine(), "--address " + text + ": write HOST:PORT");
    }
    return SocketAddress.inetSocketAddress(Integer.parseInt(parts.group(2)), parts.group(1));
  }
}
