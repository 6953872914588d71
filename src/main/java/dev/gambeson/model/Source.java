package dev.gambeson.model;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

/** One pod that is read. */
final class Source {
  private final JsonParser parser;
  private final int most;
  private int elements;

  /**
   * Creates it.
   *
   * @param most the elements that all lists and maps of the pod have together
   */
  Source(JsonParser parser, int most) {
    this.parser = parser;
    this.most = most;
  }

  JsonParser parser() {
    return parser;
  }

  void require(JsonToken token) throws UnusualException {
    if (!parser.hasToken(token)) {
      throw new UnusualException("no " + token);
    }
  }

  /** Counts an element of a list or a map. */
  void countElement() throws UnusualException {
    elements++;
    if (elements > most) {
      throw new UnusualException("more than " + most + " elements");
    }
  }
}
