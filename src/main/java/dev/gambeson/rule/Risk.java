package dev.gambeson.rule;

/** What a change of a fix may do to a pod that ran without it, from the mildest to the worst. */
public enum Risk {
  /** Nothing that a workload notices. */
  SAFE("safe"),
  /** The pod may land elsewhere, or find no node. */
  SCHEDULING("scheduling"),
  /** The image may refuse to start. */
  MAY_STOP_THE_IMAGE("may stop the image"),
  /** The container may be killed or may fail while it runs. */
  MAY_FAIL_AT_RUNTIME("may fail at runtime");

  private final String text;

  Risk(String text) {
    this.text = text;
  }

  /** The worse of both. */
  public static Risk worse(Risk one, Risk other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  @Override
  public String toString() {
    return text;
  }
}
