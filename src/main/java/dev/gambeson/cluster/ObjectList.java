package dev.gambeson.cluster;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.rule.Violation;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Reads lists of an API server page by page, and each page item by item. */
final class ObjectList {
  static final int PAGE = 500;

  /** A list is begun anew when its continue token expires, which is after five minutes or so. */
  private static final int ATTEMPTS = 3;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final KubernetesClient client;
  private final ClusterProgress progress;

  /** The API server refuses a list, or does not have it. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int code;

    RefusedException(int code, String message) {
      super(Violation.clean(message));
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  private record Page(String next, long remaining) {}

  ObjectList(KubernetesClient client, ClusterProgress progress) {
    this.client = client;
    this.progress = progress;
  }

  /**
   * Reads a list.
   *
   * @param path {@code /api/v1/pods}
   * @param title of its items, in words
   * @param start makes what takes the items; again whenever the list is begun anew
   * @return what took all items, each once
   */
  <T extends Consumer<ObjectNode>> T read(String path, String title, Supplier<T> start)
      throws RefusedException, IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return read(path, title, start.get());
      } catch (RefusedException e) {
        if (e.code() != HttpURLConnection.HTTP_GONE || attempt == ATTEMPTS) {
          throw e;
        }
      } catch (IOException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private <T extends Consumer<ObjectNode>> T read(String path, String title, T taker)
      throws RefusedException, IOException {
    var next = "";
    long count = 0;
    do {
      var page = new Taken<>(taker);
      var end = page(path, next, page);
      count += page.count;
      progress.show(title, count, count + end.remaining());
      next = end.next();
    } while (!next.isEmpty());
    return taker;
  }

  private static final class Taken<T extends Consumer<ObjectNode>> implements Consumer<ObjectNode> {
    private final T taker;
    private long count;

    Taken(T taker) {
      this.taker = taker;
    }

    @Override
    public void accept(ObjectNode item) {
      count++;
      taker.accept(item);
    }
  }

  private Page page(String path, String token, Consumer<ObjectNode> taker)
      throws RefusedException, IOException {
    var query =
        "?limit="
            + PAGE
            + (token.isEmpty()
                ? ""
                : "&continue=" + URLEncoder.encode(token, StandardCharsets.UTF_8));
    try (var body = get(path + query);
        var parser = MAPPER.createParser(body)) {
      return parse(parser, taker);
    }
  }

  /** Reads one object. */
  ObjectNode object(String path) throws RefusedException, IOException {
    try (var body = get(path)) {
      return MAPPER.readValue(body, ObjectNode.class);
    }
  }

  private InputStream get(String path) throws RefusedException, IOException {
    var http = client.getHttpClient();
    var request =
        http.newHttpRequestBuilder()
            .uri(URI.create(client.getMasterUrl() + path.substring(1)))
            .header("Accept", "application/json")
            .build();
    try {
      var response = http.sendAsync(request, InputStream.class).get();
      if (response.isSuccessful()) {
        return response.body();
      }
      try (var body = response.body()) {
        throw new RefusedException(response.code(), reason(body, response.code()));
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static String reason(InputStream body, int code) throws IOException {
    var text = new String(body.readNBytes(1 << 16), StandardCharsets.UTF_8);
    try {
      return MAPPER.readTree(text).path("message").asText("HTTP status " + code);
    } catch (IOException e) {
      return "HTTP status " + code;
    }
  }

  private static Page parse(JsonParser parser, Consumer<ObjectNode> taker) throws IOException {
    var page = new Page("", 0);
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new IOException("the API server sends something else than a list");
    }
    for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      switch (name) {
        case "metadata" -> {
          var metadata = MAPPER.<ObjectNode>readTree(parser);
          page =
              new Page(
                  metadata.path("continue").asText(""),
                  metadata.path("remainingItemCount").asLong());
        }
        case "items" -> {
          while (parser.nextToken() == JsonToken.START_OBJECT) {
            taker.accept(MAPPER.readTree(parser));
          }
        }
        default -> parser.skipChildren();
      }
    }
    if (parser.currentToken() != JsonToken.END_OBJECT) {
      throw new IOException("the answer of the API server breaks off");
    }
    return page;
  }
}
