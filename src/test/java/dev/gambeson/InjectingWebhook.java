package dev.gambeson;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gambeson.server.GambesonServer;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A mutating webhook of somebody else: under each path it applies one JSON Patch to each pod. */
public final class InjectingWebhook implements AutoCloseable {
  private final ObjectMapper mapper = new ObjectMapper();
  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setFileSystemOptions(GambesonServer.NO_FILE_CACHE));
  private final Map<String, String> patches;
  private final HttpServer server;

  /**
   * Starts it.
   *
   * @param chain of its certificate, in PEM
   * @param key in PEM
   * @param port 0 for any free one
   * @param patches JSON Patches by path, without the slash
   */
  public InjectingWebhook(
      String chain, String key, String host, int port, Map<String, String> patches) {
    this.patches = Map.copyOf(patches);
    var options =
        new HttpServerOptions()
            .setSsl(true)
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .setCertValue(Buffer.buffer(chain))
                    .setKeyValue(Buffer.buffer(key)));
    server =
        vertx
            .createHttpServer(options)
            .requestHandler(request ->
                request
                    .body()
                    .map(review -> answer(request.path().substring(1), review))
                    .onSuccess(answer ->
                        request
                            .response()
                            .putHeader("Content-Type", "application/json")
                            .end(answer))
                    .onFailure(e -> request.response().setStatusCode(500).end(e.toString())))
            .listen(port, host)
            .await();
  }

  /**
   * Serves on port 8443, in a pod.
   *
   * @param arguments a folder with {@code tls.crt} and {@code tls.key}, and one with a file {@code
   *     <path>.json} for each patch
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    var tls = Path.of(arguments[0]);
    var patches = new HashMap<String, String>();
    try (var files = Files.newDirectoryStream(Path.of(arguments[1]), "*.json")) {
      for (var file : files) {
        patches.put(file.getFileName().toString().replace(".json", ""), Files.readString(file));
      }
    }
    try (var webhook =
        new InjectingWebhook(
            Files.readString(tls.resolve("tls.crt")),
            Files.readString(tls.resolve("tls.key")),
            "0.0.0.0",
            8443,
            patches)) {
      System.out.println("injecting " + webhook.patches.keySet());
      new CountDownLatch(1).await();
    }
  }

  /** The port that it listens on. */
  public int port() {
    return server.actualPort();
  }

  private Buffer answer(String path, Buffer review) {
    var patch = patches.get(path);
    if (patch == null) {
      throw new IllegalArgumentException("there is no patch for /" + path);
    }
    try {
      var answer = mapper.createObjectNode();
      answer.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
      answer
          .putObject("response")
          .put("uid", mapper.readTree(review.getBytes()).at("/request/uid").asText())
          .put("allowed", true)
          .put("patchType", "JSONPatch")
          .put("patch", Base64.getEncoder().encodeToString(patch.getBytes(UTF_8)));
      return Buffer.buffer(mapper.writeValueAsBytes(answer));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
