package dev.gambeson.rules;

/**
 * What a rule may know about a pod besides the pod itself.
 *
 * @param namespace the namespace of the request: a pod's own {@code metadata.namespace} may still
 *     be empty
 * @param enforcedLevel the Pod Security level that the pod must meet: the stricter of what its
 *     profile enforces and what its namespace does, as far as the request's path tells
 * @param version the version of the Pod Security Standards to judge by
 */
public record Scope(String namespace, PodSecurityLevel enforcedLevel, PodSecurityVersion version) {}
