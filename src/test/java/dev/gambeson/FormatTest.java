package dev.gambeson;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every source file is as google-java-format writes it. */
class FormatTest {

  @Test
  @Tag(Generated.TAG)
  void sourcesAreFormatted() throws IOException, FormatterException {
    var unformatted = new ArrayList<Path>();
    try (var files = Files.walk(Path.of("src"))) {
      for (var file : files.filter(path -> path.toString().endsWith(".java")).sorted().toList()) {
        var source = Files.readString(file);
        var formatted =
            new Formatter()
                .formatSource(
                    ImportOrderer.reorderImports(
                        RemoveUnusedImports.removeUnusedImports(source), Style.GOOGLE));
        if (!formatted.equals(source)) {
          if (Generated.isUpdate()) {
            Files.writeString(file, formatted);
          } else {
            unformatted.add(file);
          }
        }
      }
    }
    assertThat(unformatted).as("run mvn test -Pupdate and commit the result").isEmpty();
  }
}
