package dev.gambeson.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;

/** What a command line printed, and its exit code. */
public record Invocation(int exitCode, String out, String err) {

  public static Invocation of(String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    int exitCode =
        Gambeson.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(args);
    return new Invocation(exitCode, out.toString(), err.toString());
  }

  /** What was printed, as one line: where the lines break depends on the terminal. */
  public String flow() {
    return out.replaceAll("\\s+", " ");
  }

  public JsonNode json() throws JsonProcessingException {
    return new ObjectMapper().readTree(out);
  }
}
