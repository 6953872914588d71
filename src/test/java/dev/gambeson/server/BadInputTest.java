package dev.gambeson.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gambeson.verdict.Configuration;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each bad input has a clear answer, and the server serves on. */
@Timeout(600)
class BadInputTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** What the server under test is asked to use. */
  private static volatile Supplier<Configuration> configuration = BadInputTest::good;

  private static TestServer server;

  @BeforeAll
  static void start() throws StartupException {
    server = TestServer.start(TestServer.LIMITS, () -> configuration.get());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void aGoodReviewIsStillAnswered() throws Exception {
    configuration = BadInputTest::good;
    var response = server.post("/mutate", TestServer.REVIEW);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("\"allowed\":true").contains("\"patch\":");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                                             | the body is empty
          nonsense                                                       | the body is not JSON: Unrecognized token 'nonsense'
          {                                                              | the body is not JSON: Unexpected end-of-input
          {} {}                                                          | the body is not JSON: Trailing token
          []                                                             | the body is not an AdmissionReview: its kind is missing
          {"kind":"Pod","apiVersion":"v1"}                               | the body is not an AdmissionReview: its kind is "Pod"
          {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1"}  | the AdmissionReview has no request
          {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"operation":"CREATE"}} | the request has no uid
          {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1beta1","request":{"uid":"1"}} | the review is "admission.k8s.io/v1beta1", and Gambeson speaks admission.k8s.io/v1 only: set admissionReviewVersions: [v1]
          """)
  void aMalformedReviewIs400WithTheReasonInOneLine(String body, String reason) throws Exception {
    var response = server.post("/mutate", body);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");
    assertThat(response.body()).startsWith(reason).hasLineCount(1).endsWith("\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"a\":", "[{\"a\":"})
  void deepNestingIs400(String bracket) throws Exception {
    var response = server.post("/validate", bracket.repeat(200_000 / bracket.length()));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).startsWith("the body is not JSON: Document nesting depth");
  }

  @Test
  void anotherKindThanTheRulesNamePassesWithAWarning() throws Exception {
    var response =
        server.post(
            "/validate", TestServer.REVIEW.replace("\"kind\":\"Pod\"", "\"kind\":\"Node\""));

    assertThat(response.statusCode()).isEqualTo(200);
    var answer = MAPPER.readTree(response.body()).path("response");
    assertThat(answer.path("allowed").asBoolean()).isTrue();
    assertThat(answer.path("warnings"))
        .singleElement()
        .extracting(JsonNode::asText)
        .asString()
        .contains("does not judge the kind Node");
  }

  @Test
  void aCreateWithoutObjectIs500WithTheReason() throws Exception {
    var response =
        server.post(
            "/mutate",
            TestServer.REVIEW.replaceFirst("\"object\":.*,\"old", "\"object\":null,\"old"));

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body()).isEqualTo("the request has no object on CREATE\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"spec":{}}                                          | the pod has no metadata or no spec
          {"metadata":{},"spec":{"containers":"secret"}}       | spec.containers must be a list: [a, b], not a string
          {"metadata":{},"spec":{"containers":[null]}}         | spec.containers[0] is null in a list:
          {"metadata":{},"spec":{"containers":[{"env":[null]}]}} | spec.containers[0].env[0] is null in a list:
          {"metadata":{},"spec":{"containers":[{"name":{"secret":1}}]}} | spec.containers[0].name must be a string, not an object
          """)
  void aPodThatCannotBeReadIs500AndItsValuesAreNotTold(String pod, String reason) throws Exception {
    try (var log = new LogLines()) {
      var response =
          server.post(
              "/validate",
              TestServer.REVIEW.replaceFirst(
                  "\"object\":.*,\"old", "\"object\":" + pod + ",\"old"));

      assertThat(response.statusCode()).isEqualTo(500);
      assertThat(response.body()).startsWith(reason).doesNotContain("secret");
      assertThat(log.lines()).noneMatch(line -> line.contains("secret"));
    }
  }

  @Test
  void aReviewOverTheBoundIsDeniedByValidate() throws Exception {
    var answer = tooLarge("/validate");

    assertThat(answer.path("uid").asText()).isEqualTo("705ab4f5-6393-11e8-b7cc-42010a800002");
    assertThat(answer.path("allowed").asBoolean()).isFalse();
    assertThat(answer.at("/status/code").asInt()).isEqualTo(413);
    assertThat(answer.at("/status/message").asText())
        .contains("262144 bytes")
        .contains("Make it smaller");
  }

  @Test
  void aReviewOverTheBoundPassesMutateWithAWarning() throws Exception {
    var answer = tooLarge("/mutate");

    assertThat(answer.path("allowed").asBoolean()).isTrue();
    assertThat(answer.has("patch")).isFalse();
    assertThat(answer.path("warnings")).hasSize(1);
  }

  @Test
  void aReviewOverTheBoundPassesWhereNothingIsEnforced() throws Exception {
    configuration = () -> TestServer.configuration(false);

    assertThat(tooLarge("/validate").path("allowed").asBoolean()).isTrue();
  }

  @Test
  void aBodyOverTheBoundWithoutUidIs413() throws Exception {
    var response = server.post("/validate", "x".repeat(300_000));

    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(response.body()).isEqualTo("the body is larger than 262144 bytes\n");
  }

  @Test
  void aConfigurationOverTheBoundIs413AndCounted() throws Exception {
    double before = server.metric("gambeson_bad_requests_total{reason=\"too-large\"}");

    assertThat(server.post("/configuration", "x".repeat(300_000)).statusCode()).isEqualTo(413);

    assertThat(server.metric("gambeson_bad_requests_total{reason=\"too-large\"}"))
        .isEqualTo(before + 1);
  }

  @Test
  void aBodyManyTimesOverTheBoundIsNotReadToItsEnd() throws Exception {
    try (var socket = server.connect()) {
      var head =
          "POST /validate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n";
      var out = socket.getOutputStream();
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      out.write(new byte[5 * 256 * 1024]);
      out.flush();

      assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 413");
      assertThat(socket.getInputStream().readAllBytes()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/yaml", "application/jsonp"})
  void anotherContentTypeIs415(String type) throws Exception {
    var response = send("POST", "/mutate", type);

    assertThat(response.statusCode()).isEqualTo(415);
    assertThat(response.body()).isEqualTo("send an AdmissionReview as application/json\n");
  }

  @Test
  void theContentTypeMayNameItsCharset() throws Exception {
    assertThat(send("POST", "/mutate", "Application/JSON; charset=utf-8").statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"GET, /mutate", "PUT, /validate/standard", "DELETE, /mutate/standard/baseline"})
  void anotherMethodIs405(String method, String path) throws Exception {
    var response = send(method, path, "application/json");

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow")).hasValue("POST");
    assertThat(response.body())
        .isEqualTo("this is an admission webhook: post an AdmissionReview to it\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/mutated",
        "/mutate/standard/unknown-level",
        "/mutate/standard/BASELINE",
        "/mutate/standard/baseline/more",
        "/mutate/Standard",
        "/mutate/-a",
        "/mutate/..%2Fmetrics",
        "/mutate/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      })
  void anUnknownRouteIs404(String path) throws Exception {
    var response = server.post(path, TestServer.REVIEW);

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.body()).startsWith("post an AdmissionReview to /mutate or /validate");
  }

  @Test
  void aBugIs500AndLoggedWithTheUidAndWhereItHappened() throws Exception {
    configuration =
        () -> {
          throw new IllegalStateException("a bug");
        };
    try (var log = new LogLines()) {
      var response = server.post("/validate", TestServer.REVIEW);

      assertThat(response.statusCode()).isEqualTo(500);
      assertThat(response.body()).contains("705ab4f5-6393-11e8-b7cc-42010a800002").hasLineCount(1);
      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith("ERROR no verdict on review 705ab4f5-6393-11e8-b7cc-42010a800002");
      assertThat(log.events().getFirst().getThrowableProxy()).isNotNull();
    }
  }

  @Test
  void aStackOverflowIs500() throws Exception {
    configuration = BadInputTest::endless;

    assertThat(server.post("/validate", TestServer.REVIEW).statusCode()).isEqualTo(500);
  }

  @Test
  void aClientThatHangsUpInTheMiddleLeavesNoTrailInTheLog() throws Exception {
    double before = server.metric("gambeson_bad_requests_total{reason=\"hung-up\"}");
    try (var log = new LogLines()) {
      try (var socket = server.connect()) {
        var part =
            "POST /mutate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: 1000\r\n\r\n{\"kind\":";
        socket.getOutputStream().write(part.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        socket.setSoLinger(true, 0);
      }
      await()
          .until(
              () -> server.metric("gambeson_bad_requests_total{reason=\"hung-up\"}") == before + 1);
      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void whatIsNoTlsAtAllLeavesNoTrailInTheLog() throws Exception {
    try (var log = new LogLines();
        var socket = new Socket("localhost", server.server.httpsPort())) {
      socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      socket.setSoTimeout(120_000);
      assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThan(10);
      assertThat(log.lines()).isEmpty();
    }
  }

  private static JsonNode tooLarge(String path) throws Exception {
    var response =
        server.post(
            path,
            TestServer.REVIEW.replace(
                "\"image\":\"nginx\"", "\"image\":\"" + "x".repeat(300_000) + '"'));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return MAPPER.readTree(response.body()).path("response");
  }

  private static HttpResponse<String> send(String method, String path, String contentType)
      throws IOException, InterruptedException {
    return server.client.send(
        server
            .request(path)
            .setHeader("Content-Type", contentType)
            .method(method, BodyPublishers.ofString(TestServer.REVIEW))
            .build(),
        TestServer.text());
  }

  private static Configuration good() {
    return TestServer.configuration(true);
  }

  @SuppressWarnings("InfiniteRecursion")
  private static Configuration endless() {
    return endless();
  }
}
