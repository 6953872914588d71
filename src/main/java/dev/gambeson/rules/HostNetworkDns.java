package dev.gambeson.rules;

import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodTraits;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.List;
import java.util.Set;

@Doc(
    """
    Lets pods in the node's network resolve the names of the cluster's Services.

    **The fix changes a value:** `dnsPolicy: ClusterFirst`, which is also what the API server writes where the author wrote nothing,
    becomes `ClusterFirstWithHostNet`. With `hostNetwork: true`, `ClusterFirst` silently means the node's own resolver, so nobody loses
    a cluster DNS that they had. Any other `dnsPolicy` stays, and so do pods of Windows nodes, which do not know the value.

    **Field:** `spec.dnsPolicy` of pods with `hostNetwork: true`. **Allowed:** anything but `ClusterFirst`.

    **Mind:** such a pod needs the cluster's DNS from then on. What the DNS itself waits for, a network plugin for example, must not:
    pods of the priority classes in `exceptPriorityClasses` are left alone.
    """)
final class HostNetworkDns
    implements Rule.Fix<HostNetworkDns.Options>, Rule.Check<HostNetworkDns.Options> {
  private static final String WANTED = "ClusterFirstWithHostNet";

  /** The options of the rule. */
  record Options(
      @Doc("pods of these priority classes are neither changed nor reported")
          List<String> exceptPriorityClasses) {
    Options {
      exceptPriorityClasses = List.copyOf(exceptPriorityClasses);
    }
  }

  @Override
  public Options defaults() {
    return new Options(List.of("system-node-critical"));
  }

  @Override
  public Set<ContainerRef.Kind> containers() {
    return Set.of();
  }

  @Override
  public Risk risk() {
    return Risk.MAY_KILL_AT_RUN_TIME;
  }

  @Override
  public void fix(Options options, PodPatch patch, Scope scope) {
    if (usesNodeResolver(options, patch.pod())) {
      patch.spec().replace("dnsPolicy", PodSpec::getDnsPolicy, PodSpec::setDnsPolicy, WANTED);
    }
  }

  @Override
  public void check(Options options, Pod pod, Scope scope, Violations violations) {
    if (usesNodeResolver(options, pod)) {
      violations.add(
          FieldPath.of("spec", "dnsPolicy"), "ClusterFirst beside hostNetwork", WANTED, WANTED);
    }
  }

  private static boolean usesNodeResolver(Options options, Pod pod) {
    var spec = pod.getSpec();
    var policy = spec.getDnsPolicy();
    var priorityClass = spec.getPriorityClassName();
    return PodTraits.usesHostNetwork(pod)
        && (policy == null || policy.isEmpty() || policy.equals("ClusterFirst"))
        && (priorityClass == null || !options.exceptPriorityClasses().contains(priorityClass))
        && !PodTraits.isWindows(pod);
  }
}
