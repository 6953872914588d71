package dev.gambeson.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.admission.AdmissionPipeline;
import dev.gambeson.admission.Decision;
import dev.gambeson.admission.MalformedReviewException;
import dev.gambeson.admission.ReviewCodec;
import dev.gambeson.admission.Route;
import dev.gambeson.admission.Webhook;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.tls.CertificateAuthority;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/** A webhook for the benchmark to measure Gambeson against, with the options of its server. */
final class ReferenceServer {
  private static final Duration CERTIFICATE_LIFE = Duration.ofDays(1);
  private static final String UID = "\"uid\":\"";
  private static final int UID_LENGTH = 36;
  private static final String SAMPLE_UID = "00000000-0000-4000-8000-000000000000";
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final byte[] PATCH =
      "[{\"op\":\"add\",\"path\":\"/spec/terminationGracePeriodSeconds\",\"value\":31}]"
          .getBytes(UTF_8);
  private static final Buffer ALLOWED = Buffer.buffer(allowed(SAMPLE_UID));

  private ReferenceServer() {}

  /**
   * Serves until it is killed.
   *
   * @param arguments the port; {@code constant}, {@code uid}, {@code patch}, {@code replay}, {@code
   *     tree} or {@code record}; the CA file to write; for {@code record}, the file that gets each
   *     body as a line
   */
  public static void main(String[] arguments) throws IOException {
    var certificate =
        new CertificateAuthority(CERTIFICATE_LIFE, InstantSource.system())
            .issue(List.of("localhost", "127.0.0.1"), CERTIFICATE_LIFE);
    Files.writeString(Path.of(arguments[2]), certificate.authoritiesPem());
    BiFunction<String, Buffer, Buffer> answer =
        switch (arguments[1]) {
          case "constant" -> (path, review) -> ALLOWED;
          case "uid" -> (path, review) -> Buffer.buffer(allowed(findUid(review)));
          case "patch" -> ReferenceServer::patch;
          case "replay" -> new Replay();
          case "tree" -> (path, review) -> readTree(review);
          case "record" -> {
            var file = Path.of(arguments[3]);
            yield (path, review) -> write(file, review);
          }
          default -> throw new IllegalArgumentException(arguments[1]);
        };
    var options =
        GambesonServer.tls(GambesonServer.http(Limits.DEFAULTS), certificate)
            .setHost("127.0.0.1")
            .setPort(Integer.parseInt(arguments[0]));
    var vertx = Vertx.vertx(new VertxOptions().setFileSystemOptions(GambesonServer.NO_FILE_CACHE));
    vertx
        .deployVerticle(
            () ->
                context ->
                    vertx
                        .createHttpServer(options)
                        .requestHandler(request ->
                            request
                                .body()
                                .map(body -> answer.apply(request.path(), body))
                                .onSuccess(body ->
                                    request
                                        .response()
                                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                                        .end(body)))
                        .listen(),
            new DeploymentOptions()
                .setInstances(Math.max(2, Runtime.getRuntime().availableProcessors())))
        .await();
  }

  /** Of a review; an API server writes it first, and wants it back. */
  private static String findUid(Buffer review) {
    var beginning = review.getString(0, Math.min(200, review.length()));
    int start = beginning.indexOf(UID) + UID.length();
    return beginning.substring(start, start + UID_LENGTH);
  }

  /** The smallest change there is, where a change is asked for. */
  private static Buffer patch(String path, Buffer review) {
    var uid = findUid(review);
    return Buffer.buffer(path.startsWith("/mutate") ? patched(uid) : allowed(uid));
  }

  private static Buffer readTree(Buffer review) {
    try {
      var tree = MAPPER.readTree(review.getBytes());
      return Buffer.buffer(allowed(tree.at("/request/uid").textValue()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static synchronized Buffer write(Path file, Buffer review) {
    try {
      Files.writeString(
          file,
          review.toString(UTF_8).strip() + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
      return readTree(review);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String allowed(String uid) {
    return review(uid).toString();
  }

  private static String patched(String uid) {
    var review = review(uid);
    review.withObject("/response").put("patchType", "JSONPatch").put("patch", PATCH);
    return review.toString();
  }

  private static ObjectNode review(String uid) {
    var review =
        JsonNodeFactory.instance
            .objectNode()
            .put("apiVersion", "admission.k8s.io/v1")
            .put("kind", "AdmissionReview");
    review.putObject("response").put("uid", uid).put("allowed", true);
    return review;
  }

  /**
   * Gambeson's answers, each made once for all pods whose names differ only in their last digits.
   */
  private static final class Replay implements BiFunction<String, Buffer, Buffer> {
    private static final Pattern NAME = Pattern.compile("\"name\":\"(.*?)\\d*\"");

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final ReviewCodec codec = new ReviewCodec();
    private final AdmissionPipeline pipeline =
        new AdmissionPipeline(ConfigurationLoader::builtIn, InstantSource.system(), codec);

    @Override
    public Buffer apply(String path, Buffer review) {
      var name = NAME.matcher(review.getString(0, Math.min(800, review.length())));
      var pod = name.find() ? name.group(1) : "";
      return Buffer.buffer(
          answers
              .computeIfAbsent(path + " " + pod, first -> answer(path, review))
              .replace(SAMPLE_UID, findUid(review)));
    }

    private String answer(String path, Buffer review) {
      var parts = path.split("/", -1);
      var route =
          new Route(
              Webhook.valueOf(parts[1].toUpperCase(Locale.ROOT)),
              parts.length > 2 ? parts[2] : null,
              PodSecurityLevel.PRIVILEGED);
      try {
        var verdict = (Decision.Verdict) pipeline.handle(route, codec.decode(review.getBytes()));
        return new String(codec.encode(SAMPLE_UID, verdict), UTF_8);
      } catch (MalformedReviewException e) {
        throw new IllegalArgumentException(e);
      }
    }
  }
}
