package dev.gambeson.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gambeson.tls.ServingCertificate;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;

/** A mutating webhook of somebody else: it adds a container to each pod that lacks it. */
final class SidecarWebhook implements AutoCloseable {
  private static final String NAME = "proxy";
  private static final byte[] PATCH =
      """
      [{"op": "add", "path": "/spec/containers/-", "value": {"name": "%s", "image": "envoy"}}]
      """
          .formatted(NAME)
          .getBytes(UTF_8);

  private final ObjectMapper mapper = new ObjectMapper();
  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;

  SidecarWebhook(ServingCertificate certificate) {
    var options =
        new HttpServerOptions()
            .setSsl(true)
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .setCertValue(Buffer.buffer(certificate.chainPem()))
                    .setKeyValue(Buffer.buffer(certificate.keyPem())));
    server =
        vertx
            .createHttpServer(options)
            .requestHandler(request ->
                request
                    .body()
                    .map(this::answer)
                    .onSuccess(answer ->
                        request
                            .response()
                            .putHeader("Content-Type", "application/json")
                            .end(answer))
                    .onFailure(e -> request.response().setStatusCode(500).end(e.toString())))
            .listen(0, "127.0.0.1")
            .await();
  }

  int port() {
    return server.actualPort();
  }

  private Buffer answer(Buffer review) {
    try {
      var request = mapper.readTree(review.getBytes()).path("request");
      boolean present =
          request.at("/object/spec/containers").findValuesAsText("name").contains(NAME);
      var answer = mapper.createObjectNode();
      answer.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
      var response = answer.putObject("response");
      response.put("uid", request.path("uid").asText()).put("allowed", true);
      if (!present) {
        response
            .put("patchType", "JSONPatch")
            .put("patch", Base64.getEncoder().encodeToString(PATCH));
      }
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
