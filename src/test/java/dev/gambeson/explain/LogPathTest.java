package dev.gambeson.explain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines as programs write them. */
class LogPathTest {
  private static final String COMPLAINT = "read-only file system";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/bin/sh: can't create /data/x: Read-only file system | /data/x",
        "bash: line 1: /data/x: Read-only file system | /data/x",
        "touch: cannot touch '/data/x y': Read-only file system | /data/x",
        "mkdir: cannot create directory ‘/data’: Read-only file system | /data",
        "open /data/x: read-only file system | /data/x",
        "OSError: [Errno 30] Read-only file system: '/data/x' | /data/x",
        "Error: EROFS: read-only file system, open '/data/x' | /data/x",
        "java.nio.file.FileSystemException: /data/x: Read-only file system | /data/x",
        "2027/01/15 11:00:00 [emerg] 1#1: mkdir() \"/data/x\" failed (30: Read-only file system) | /data/x",
        "unlinkat /data/x/: read-only file system. | /data/x",
        "error: http://host/ws: cannot write (Read-only file system) /data/x. | /data/x"
      })
  void theFileIsFound(String line, String path) {
    assertThat(LogPath.near(line, line.toLowerCase(java.util.Locale.ROOT).indexOf(COMPLAINT)))
        .contains(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mkdir: can't create directory 'cache': Read-only file system",
        "2027/01/15 read-only file system",
        "see https://example.com/help: read-only file system"
      })
  void aLineWithoutAnAbsolutePathNamesNone(String line) {
    assertThat(LogPath.near(line, line.toLowerCase(java.util.Locale.ROOT).indexOf(COMPLAINT)))
        .isEmpty();
  }
}
