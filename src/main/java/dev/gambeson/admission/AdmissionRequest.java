package dev.gambeson.admission;

import dev.gambeson.pod.PodTemplate;
import dev.gambeson.rule.Requester;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The request of an AdmissionReview, {@code admission.k8s.io/v1}.
 *
 * @param apiVersion the object's, {@code apps/v1} for example
 * @param name empty for a pod that the API server is still to name
 * @param subResource empty where the request is for the object itself
 * @param object null on DELETE
 * @param oldObject null on CREATE
 */
public record AdmissionRequest(
    String uid,
    String apiVersion,
    String kind,
    Operation operation,
    String namespace,
    String name,
    String subResource,
    Requester requester,
    @Nullable ReviewedObject object,
    @Nullable ReviewedObject oldObject) {

  /** What is done to the object. */
  public enum Operation {
    CREATE,
    UPDATE,
    DELETE,
    CONNECT
  }

  /**
   * The object's name; where the API server is still to make it, its beginning and a star. Empty
   * where there is none.
   */
  public String objectName() {
    return !name.isEmpty() || object == null ? name : object.outline().name();
  }

  /** Whether an object that is being deleted is changed: it may be its last change. */
  boolean isOfDeletedObject() {
    return operation == Operation.UPDATE
        && subResource.isEmpty()
        && oldObject != null
        && oldObject.outline().isBeingDeleted();
  }

  /**
   * Whether an object that is too large was so before, and is changed elsewhere: it may have been
   * created before Gambeson was.
   */
  boolean leavesExcessAsItWas() {
    return operation == Operation.UPDATE
        && subResource.isEmpty()
        && object != null
        && oldObject != null
        && object.outline().isNoWorseThan(oldObject.outline());
  }

  /** Where the object describes a pod; empty where it describes none. */
  Optional<PodTemplate> template() {
    return PodTemplate.of(apiVersion, kind);
  }

  /** The kind, where it is one that Gambeson judges; else {@code other}. */
  public String knownKind() {
    return template().isPresent() ? kind : "other";
  }
}
