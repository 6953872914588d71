package dev.gambeson.yaml;

/** A text is not valid YAML for Kubernetes. */
public final class YamlException extends Exception {
  private final String reason;
  private final Position position;

  YamlException(String reason, Position position) {
    super("line " + position.line() + ", column " + position.column() + ": " + reason);
    this.reason = reason;
    this.position = position;
  }

  /** The message without the position. */
  public String reason() {
    return reason;
  }

  /** The position in the whole text. */
  public Position position() {
    return position;
  }
}
