package dev.gambeson.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.pod.PodTemplate;
import dev.gambeson.rules.Requester;
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
    @Nullable JsonNode object,
    @Nullable JsonNode oldObject) {

  /** What is done to the object. */
  public enum Operation {
    CREATE,
    UPDATE,
    DELETE,
    CONNECT
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
