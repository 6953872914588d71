package dev.gambeson.yaml;

/** A text is not valid YAML for Kubernetes. */
public final class YamlException extends Exception {
  private final String reason;
  private final Place place;

  YamlException(String reason, Place place) {
    super("line " + place.line() + ", column " + place.column() + ": " + reason);
    this.reason = reason;
    this.place = place;
  }

  /** The message without the place. */
  public String reason() {
    return reason;
  }

  /** The place in the whole text. */
  public Place place() {
    return place;
  }
}
