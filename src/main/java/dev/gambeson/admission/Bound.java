package dev.gambeson.admission;

/**
 * How much of one object is judged: far beyond what runs anywhere, and little enough that a verdict
 * on it costs a bounded amount of memory and time.
 */
enum Bound {
  CONTAINERS(500, "containers"),
  VOLUMES(1_000, "volumes"),
  TOLERATIONS(1_000, "tolerations"),
  MOUNTS(10_000, "volume mounts and devices"),
  VARIABLES(20_000, "environment variables"),
  ARGUMENTS(10_000, "arguments"),
  VALUES(200_000, "JSON values"),
  OBJECTS(50_000, "JSON objects"),
  FIELDS(60_000, "JSON fields"),
  NESTING(200, "levels of nesting"),
  CHARACTERS(1024 * 1024, "characters in one string"),
  TEXT(4 * 1024 * 1024, "characters in all strings");

  private final int most;
  private final String unit;

  Bound(int most, String unit) {
    this.most = most;
    this.unit = unit;
  }

  /** The number that an object may have. */
  int most() {
    return most;
  }

  /** {@code more than 500 containers}. */
  String exceeded() {
    return "more than " + most + " " + unit;
  }
}
