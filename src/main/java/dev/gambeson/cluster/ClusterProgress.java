package dev.gambeson.cluster;

/** Is told how far the reading of a cluster is. */
public interface ClusterProgress {
  ClusterProgress NONE = (what, done, all) -> {};

  /**
   * Shows it.
   *
   * @param what pods, for example
   * @param all as far as the API server says; it may grow
   */
  void show(String what, long done, long all);
}
