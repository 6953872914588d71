package dev.gambeson.model;

import com.fasterxml.jackson.core.JsonParser;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;

/**
 * Reads pods of the usual shape, faster than Jackson's binding. All that is unusual, an unknown
 * field or a wrong type, is left to Jackson, which says what is wrong.
 */
public final class PodReader {
  /** Far above what nearly every pod has, and below each bound for what a pod may have. */
  public static final int MOST_ELEMENTS = 500;

  private PodReader() {}

  /**
   * Reads a pod.
   *
   * @param parser at its first token; at its last one afterwards. Its codec reads what is rare.
   * @throws UnusualException if the pod is to be read otherwise
   * @throws IOException if it is no JSON, or something rare in it cannot be read
   */
  public static Pod read(JsonParser parser) throws IOException {
    return PodShapes.POD.read(new Source(parser, MOST_ELEMENTS));
  }
}
