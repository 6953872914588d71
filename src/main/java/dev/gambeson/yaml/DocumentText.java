package dev.gambeson.yaml;

/**
 * One document of a YAML or JSON stream, not read yet. The concatenated texts of all parts are the
 * stream.
 *
 * @param number its position in the stream, counted from 1
 * @param text with the {@code ---} and the comments before it
 * @param start the place in the stream of the text's first character
 */
public record DocumentText(int number, String text, Position start) {

  /**
   * Converts a position in this text, counted from 0 like SnakeYAML's marks, to one in the stream.
   */
  Position position(int markedLine, int markedColumn) {
    return new Position(
        start.line() + markedLine,
        markedLine == 0 ? start.column() + markedColumn : 1 + markedColumn);
  }
}
