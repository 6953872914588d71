package dev.gambeson.yaml;

/** A text that is no YAML as Kubernetes reads it. */
public final class YamlException extends Exception {
  private final String reason;
  private final Place place;

  YamlException(String reason, Place place) {
    super("line " + place.line() + ", column " + place.column() + ": " + reason);
    this.reason = reason;
    this.place = place;
  }

  /** What is wrong, without the place. */
  public String reason() {
    return reason;
  }

  /** Where, in the whole text. */
  public Place place() {
    return place;
  }
}
