package dev.gambeson.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gambeson.config.LiveConfiguration;
import dev.gambeson.metrics.GambesonMetrics;
import dev.gambeson.tls.CertificateAuthority;
import dev.gambeson.tls.ClientAuthorities;
import dev.gambeson.tls.ServingCertificate;
import dev.gambeson.tls.ServingCertificates;
import dev.gambeson.tls.TlsDirectory;
import dev.gambeson.tls.TlsFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kubelet mounts, and changes while the server runs. */
class MountedFilesTest {
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path folder;
  private int mounted;

  @Test
  void aChangedSecretIsServedToNewConnectionsAndTheOldOnesGoOn() throws Exception {
    var first = certificate();
    var second = certificate();
    mount(first);
    try (var files = TlsFiles.open(new TlsDirectory(folder), InstantSource.system());
        var server = start(files, null);
        var old = new Connection(server, TestClients.trusting(first, second))) {
      assertThat(old.shown()).isEqualTo(first.chain().getFirst());
      assertThat(old.review()).isEqualTo(200);

      mount(second);

      await().atMost(SOON).until(() -> shown(server, first, second), second.chain()::contains);
      assertThat(old.review()).isEqualTo(200);

      mount(first.chainPem(), second.keyPem(), first.authoritiesPem());

      await()
          .atMost(SOON)
          .until(() -> readyz(server), text -> text.contains("tls.key is not the key"));
      assertThat(shown(server, first, second)).isEqualTo(second.chain().getFirst());
      assertThat(readyz(server)).endsWith("\nready\n");
    }
  }

  @Test
  void onlyClientsWithACertificateOfTheCaAreAnsweredAndItMayChange() throws Exception {
    var certificate = certificate();
    var first = new TestClients();
    var second = new TestClients();
    mount(Map.of("ca.crt", first.authorityPem()));
    try (var clients = ClientAuthorities.open(folder.resolve("ca.crt"));
        var server = start(ServingCertificates.of(certificate), clients)) {
      assertThat(review(server, first, certificate)).isEqualTo(200);
      assertRefused(server, second, certificate);
      try (var anybody = new Connection(server, TestClients.trusting(certificate))) {
        assertThatThrownBy(anybody::review).isInstanceOf(IOException.class);
      }

      mount(Map.of("ca.crt", second.authorityPem()));

      await()
          .atMost(SOON)
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(() -> review(server, second, certificate) == 200);
      assertRefused(server, first, certificate);

      mount(Map.of("ca.crt", "rubbish"));

      await()
          .atMost(SOON)
          .until(() -> readyz(server), text -> text.contains("ca.crt contains no PEM certificate"));
      assertThat(readyz(server)).endsWith("\nready\n");
      assertThat(review(server, second, certificate)).isEqualTo(200);
    }
  }

  private static void assertRefused(
      GambesonServer server, TestClients clients, ServingCertificate certificate) {
    assertThatThrownBy(() -> review(server, clients, certificate)).isInstanceOf(IOException.class);
  }

  private static int review(
      GambesonServer server, TestClients clients, ServingCertificate certificate) throws Exception {
    try (var connection = new Connection(server, clients.context(certificate))) {
      return connection.review();
    }
  }

  /** The certificate that those who connect now are shown. */
  private static X509Certificate shown(GambesonServer server, ServingCertificate... trusted)
      throws Exception {
    try (var connection = new Connection(server, TestClients.trusting(trusted))) {
      return connection.shown();
    }
  }

  private static ServingCertificate certificate() {
    return new CertificateAuthority(DAY, InstantSource.system()).issue(List.of("localhost"), DAY);
  }

  private void mount(ServingCertificate certificate) throws IOException {
    mount(certificate.chainPem(), certificate.keyPem(), certificate.authoritiesPem());
  }

  private void mount(String chain, String key, String authorities) throws IOException {
    mount(Map.of("tls.crt", chain, "tls.key", key, "ca.crt", authorities));
  }

  /** As the kubelet does: a new folder, then all files at once by one link that is swapped. */
  private void mount(Map<String, String> files) throws IOException {
    var content = Files.createDirectory(folder.resolve("..2026_11_21_" + ++mounted));
    for (var file : files.entrySet()) {
      Files.writeString(content.resolve(file.getKey()), file.getValue());
    }
    var next = Files.createSymbolicLink(folder.resolve("..data_tmp"), content.getFileName());
    Files.move(next, folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    for (var file : files.keySet()) {
      var visible = folder.resolve(file);
      if (!Files.isSymbolicLink(visible)) {
        Files.createSymbolicLink(visible, Path.of("..data", file));
      }
    }
  }

  private static GambesonServer start(
      ServingCertificates certificates, @Nullable ClientAuthorities clients)
      throws StartupException {
    return GambesonServer.start(
        new GambesonServer.Options(
            "127.0.0.1",
            0,
            0,
            certificates,
            clients,
            () -> LiveConfiguration.State.of(TestServer.configuration(true), TestServer.STARTED),
            List::of,
            TestServer.LIMITS,
            InstantSource.system(),
            new GambesonMetrics("test")));
  }

  private static String readyz(GambesonServer server) throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:" + server.httpPort() + "/readyz?verbose");
    try (var client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    }
  }

  /** One TLS connection to the webhooks. */
  private static final class Connection implements AutoCloseable {
    private final SSLSocket socket;
    private final BufferedReader answers;

    Connection(GambesonServer server, SSLContext context) throws IOException {
      socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", server.httpsPort());
      socket.setSoTimeout(120_000);
      answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
    }

    X509Certificate shown() throws IOException {
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }

    /** Asks for a review, and returns the status of the answer. */
    int review() throws IOException {
      var body = TestServer.REVIEW.getBytes(UTF_8);
      var head =
          "POST /mutate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
              .formatted(body.length);
      socket.getOutputStream().write(head.getBytes(UTF_8));
      socket.getOutputStream().write(body);
      var status = answers.readLine();
      if (status == null) {
        throw new IOException("the connection was closed");
      }
      int length = 0;
      for (var line = answers.readLine(); !line.isEmpty(); line = answers.readLine()) {
        if (line.startsWith("content-length: ")) {
          length = Integer.parseInt(line.substring("content-length: ".length()));
        }
      }
      for (int i = 0; i < length; i++) {
        var _ = answers.read();
      }
      return Integer.parseInt(status, 9, 12, 10);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
