package dev.gambeson.rules;

import static dev.gambeson.pod.Fields.DNS_POLICY;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodTraits;
import dev.gambeson.rule.Doc;
import dev.gambeson.rule.ExceptedPods;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Tell;
import dev.gambeson.rule.Violations;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.Set;

@Doc(
    """
    Lets pods in the node's network resolve the names of the cluster's Services.

    **The fix changes a value:** `dnsPolicy: ClusterFirst`, which is also what the API server writes
    where the author wrote nothing, becomes `ClusterFirstWithHostNet`. With `hostNetwork: true`,
    `ClusterFirst` silently means the node's own resolver, so nobody loses a cluster DNS that they
    had. Any other `dnsPolicy` stays, and so do pods of Windows nodes, which do not know the value.

    **Field:** `spec.dnsPolicy` of pods with `hostNetwork: true`. **Allowed:** anything but
    `ClusterFirst`.

    **Mind:** such a pod needs the cluster's DNS from then on. What the DNS itself waits for, a
    network plugin for example, must not: `except` keeps the fix from pods of the class
    `system-node-critical`. Their manifests had better say `dnsPolicy: Default`, which is what they
    get anyway; until they do, the check reports them.
    """)
record HostNetworkDns() implements Rule.Fix, Rule.Check {
  private static final String WANTED = "ClusterFirstWithHostNet";

  @Override
  public ExceptedPods except() {
    return new ExceptedPods(List.of(ExceptedPods.VIRTUAL_MACHINE), List.of("system-node-critical"));
  }

  @Override
  public Set<ContainerRef.Kind> containerKinds() {
    return Set.of();
  }

  @Override
  public Risk risk() {
    return Risk.MAY_FAIL_AT_RUNTIME;
  }

  @Override
  public Optional<Tell> tell() {
    return Optional.of(
        new Tell(
            Tell.EXEC + " cat /etc/resolv.conf",
            "shows the name servers of the node: names that only they know are lost"));
  }

  @Override
  public void fix(PodPatch patch, Scope scope) {
    if (usesNodeResolver(patch.pod()) && !PodTraits.isWindows(patch.pod())) {
      patch.spec().replace(DNS_POLICY, WANTED);
    }
  }

  @Override
  public void check(Pod pod, Scope scope, Violations violations) {
    if (usesNodeResolver(pod) && !PodTraits.declaresWindows(pod)) {
      violations
          .at(FieldPath.of("spec", "dnsPolicy"))
          .found("ClusterFirst beside hostNetwork")
          .wanted(WANTED + ", or Default to stay with the node's resolver")
          .remedy(WANTED);
    }
  }

  private static boolean usesNodeResolver(Pod pod) {
    var policy = pod.getSpec().getDnsPolicy();
    return PodTraits.usesHostNetwork(pod)
        && (policy == null || policy.isEmpty() || policy.equals("ClusterFirst"));
  }
}
