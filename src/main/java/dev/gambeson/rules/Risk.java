package dev.gambeson.rules;

/** The worst that a rule's fix may do to a pod that ran without it. */
public enum Risk {
  /** Nothing that a workload notices. */
  SAFE("safe"),
  /** The pod may land elsewhere, or find no node. */
  SCHEDULING("scheduling"),
  /** The image may refuse to start. */
  MAY_STOP_THE_IMAGE("may stop the image"),
  /** The container may be killed or may fail while it runs. */
  MAY_KILL_AT_RUN_TIME("may kill at run time");

  private final String text;

  Risk(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
