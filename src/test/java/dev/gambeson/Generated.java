package dev.gambeson;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The files that tests generate. A test that generates files has the tag {@link #TAG}: {@code mvn
 * test -Pupdate} runs these tests alone, and they then write their files before they compare them.
 */
public final class Generated {
  public static final String TAG = "generated";

  private Generated() {}

  /** Whether files are written, not only compared. */
  public static boolean isUpdate() {
    return Boolean.getBoolean("gambeson.update");
  }

  /** Compares a file with its generated text. */
  public static void assertUpToDate(Path file, String text) throws IOException {
    if (isUpdate()) {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, text);
    }
    assertThat(file)
        .as("run mvn test -Pupdate and review the difference")
        .content()
        .isEqualTo(text);
  }
}
