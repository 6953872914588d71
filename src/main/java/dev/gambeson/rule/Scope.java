package dev.gambeson.rule;

import dev.gambeson.pod.HostPathMount;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a rule may know about a pod besides the pod itself.
 *
 * @param namespace the namespace of the request: a pod's own {@code metadata.namespace} may still
 *     be empty
 * @param namespaceLevel the Pod Security level that the namespace enforces, as far as the request's
 *     path tells; {@code PRIVILEGED} where it does not
 * @param version the version of the Pod Security Standards to judge by
 * @param enforced the Pod Security level that the profile enforces, so that nobody is told of a
 *     value as allowed that is refused at the next try; no verdict depends on it
 * @param hostPaths what the fixes of the pod's profile mount from the node: no author's doing, and
 *     so no fault of the pod; few pods ask for it
 * @param requester who creates the pod, for the pod of a workload its controller; {@link
 *     Requester#UNKNOWN} where an existing pod is changed
 * @param exemptions what the administrator exempts the pod from
 */
public record Scope(
    String namespace,
    PodSecurityLevel namespaceLevel,
    PodSecurityVersion version,
    PodSecurityLevel enforced,
    Supplier<List<HostPathMount>> hostPaths,
    Requester requester,
    Exemptions exemptions) {

  /** The same, with nothing from the node that would be no fault of the pod. */
  public Scope withoutHostPaths() {
    return new Scope(namespace, namespaceLevel, version, enforced, List::of, requester, exemptions);
  }

  /** The same, with exemptions. */
  public Scope exempting(Exemptions others) {
    return new Scope(namespace, namespaceLevel, version, enforced, hostPaths, requester, others);
  }
}
