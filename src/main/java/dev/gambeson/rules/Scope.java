package dev.gambeson.rules;

/**
 * What a rule may know about a pod besides the pod itself.
 *
 * @param namespace the namespace of the request: a pod's own {@code metadata.namespace} may still
 *     be empty
 * @param namespaceLevel the Pod Security level that the namespace enforces, as far as the request's
 *     path tells; {@code PRIVILEGED} where it does not
 * @param version the version of the Pod Security Standards to judge by
 */
public record Scope(
    String namespace, PodSecurityLevel namespaceLevel, PodSecurityVersion version) {}
