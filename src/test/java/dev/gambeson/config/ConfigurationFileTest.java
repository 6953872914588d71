package dev.gambeson.config;

import static dev.gambeson.config.ConfigurationLoaderTest.HEADER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationFileTest {
  private static final String WARN = HEADER + "enforcement: warn\n";
  private static final Instant START = Instant.parse("2026-11-21T08:00:00Z");

  @TempDir Path folder;
  private Path file = Path.of("");
  private final AtomicReference<Instant> now = new AtomicReference<>(START);

  @BeforeEach
  void writeFile() throws IOException {
    file = folder.resolve("gambeson.yaml");
    Files.writeString(file, HEADER);
  }

  private ConfigurationFile open() throws Exception {
    return ConfigurationFile.withoutPolling(file, now::get);
  }

  @Test
  void aGoodEditComesIntoForce() throws Exception {
    try (var configuration = open()) {
      assertThat(configuration.state().configuration().enforce()).isTrue();
      Files.writeString(file, WARN);
      now.set(START.plusSeconds(5));
      configuration.reload();
      assertThat(configuration.state().configuration().enforce()).isFalse();
      assertThat(configuration.state().since()).isEqualTo(START.plusSeconds(5));
      assertThat(configuration.state().failure()).isNull();
    }
  }

  @Test
  void aBadEditLeavesTheLastGoodOneInForceUntilItIsMended() throws Exception {
    try (var configuration = open()) {
      var good = configuration.state().configuration();
      Files.writeString(file, HEADER + "enforcement: maybe\nprofile: {}\n");
      configuration.reload();
      assertThat(configuration.state().configuration()).isSameAs(good);
      assertThat(configuration.state().since()).isEqualTo(START);
      assertThat(configuration.state().failure())
          .contains(file + ":3:1: enforcement:", file + ":4:1: profile:");

      Files.writeString(file, HEADER);
      configuration.reload();
      assertThat(configuration.state().failure()).isNull();
      assertThat(configuration.state().configuration()).isEqualTo(good);
    }
  }

  @Test
  void aFileThatIsGoneOrNoTextLeavesTheLastGoodOneInForce() throws Exception {
    try (var configuration = open()) {
      Files.delete(file);
      configuration.reload();
      assertThat(configuration.state().failure()).isEqualTo(file + ": there is no such file");
      Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
      configuration.reload();
      assertThat(configuration.state().failure()).isEqualTo(file + ": is not valid UTF-8");
      assertThat(configuration.state().configuration().enforce()).isTrue();
      Files.writeString(file, HEADER);
      configuration.reload();
      assertThat(configuration.state().failure()).isNull();
    }
  }

  @Test
  void theSwappedLinksOfAMountedConfigMapAreSeen() throws Exception {
    Files.delete(file);
    Files.writeString(
        Files.createDirectory(folder.resolve("..1")).resolve("gambeson.yaml"), HEADER);
    Files.writeString(Files.createDirectory(folder.resolve("..2")).resolve("gambeson.yaml"), WARN);
    var data = Files.createSymbolicLink(folder.resolve("..data"), Path.of("..1"));
    Files.createSymbolicLink(file, Path.of("..data", "gambeson.yaml"));
    try (var configuration = ConfigurationFile.open(file)) {
      assertThat(configuration.state().configuration().enforce()).isTrue();
      var next = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("..2"));
      Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);
      await()
          .untilAsserted(
              () -> assertThat(configuration.state().configuration().enforce()).isFalse());
    }
  }

  @Test
  void aStartNeedsAGoodFile() throws IOException {
    Files.writeString(file, "kind: Config\n");
    assertThatThrownBy(() -> ConfigurationFile.open(file))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("apiVersion: is missing");
    assertThatThrownBy(() -> ConfigurationFile.open(folder.resolve("none.yaml")))
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith("none.yaml: there is no such file");
  }
}
