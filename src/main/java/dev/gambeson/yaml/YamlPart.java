package dev.gambeson.yaml;

/**
 * One document of a YAML or JSON stream, not read yet. The texts of all parts of a stream, one
 * after the other, are the stream.
 *
 * @param number its position in the stream, counted from 1
 * @param text with the {@code ---} and the comments before it
 * @param start the place in the stream of the text's first character
 */
public record YamlPart(int number, String text, Place start) {

  /** The place in the stream of a place in this part; both of SnakeYAML's marks count from 0. */
  Place place(int markedLine, int markedColumn) {
    return new Place(
        start.line() + markedLine,
        markedLine == 0 ? start.column() + markedColumn : 1 + markedColumn);
  }
}
