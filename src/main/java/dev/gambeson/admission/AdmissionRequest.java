package dev.gambeson.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.rules.Requester;
import org.jspecify.annotations.Nullable;

/**
 * The request of an AdmissionReview, {@code admission.k8s.io/v1}.
 *
 * @param group the API group of the object, empty for the core group
 * @param name empty for a pod that the API server is still to name
 * @param subResource empty where the request is for the object itself
 * @param object null on DELETE
 * @param oldObject null on CREATE
 */
public record AdmissionRequest(
    String uid,
    String group,
    String kind,
    Operation operation,
    String namespace,
    String name,
    String subResource,
    Requester requester,
    @Nullable JsonNode object,
    @Nullable JsonNode oldObject) {

  /** What is done to the object. */
  public enum Operation {
    CREATE,
    UPDATE,
    DELETE,
    CONNECT
  }

  boolean isPod() {
    return group.isEmpty() && kind.equals("Pod");
  }
}
