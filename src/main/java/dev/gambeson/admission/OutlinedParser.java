package dev.gambeson.admission;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;

/** A parser of one object that outlines what it reads, and reads no more beyond a bound. */
final class OutlinedParser extends JsonParserDelegate {
  private final Outline outline;

  /**
   * Creates it.
   *
   * @param parser at the first token of the object
   */
  OutlinedParser(JsonParser parser, Outline outline) throws IOException {
    super(parser);
    this.outline = outline;
    outline.add(parser);
  }

  @Override
  public JsonToken nextToken() throws IOException {
    var token = delegate.nextToken();
    outline.add(delegate);
    if (outline.exceedsAny()) {
      throw new StreamConstraintsException("beyond a bound");
    }
    return token;
  }

  @Override
  public JsonToken nextValue() throws IOException {
    var token = nextToken();
    return token == JsonToken.FIELD_NAME ? nextToken() : token;
  }

  @Override
  public JsonParser skipChildren() throws IOException {
    if (delegate.currentToken().isStructStart()) {
      for (int open = 1; open > 0; ) {
        var token = nextToken();
        open += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      }
    }
    return this;
  }
}
