package dev.gambeson.cluster;

import java.util.Locale;

/** A kind of objects that is read from a cluster; in the order in which they are read. */
enum ListedKind {
  Namespace("v1", false, false),
  LimitRange("v1", true, true),
  ResourceQuota("v1", true, true),
  PriorityClass("scheduling.k8s.io/v1", false, true),
  MutatingWebhookConfiguration("admissionregistration.k8s.io/v1", false, true),
  ValidatingWebhookConfiguration("admissionregistration.k8s.io/v1", false, true),
  Deployment("apps/v1", true, false),
  StatefulSet("apps/v1", true, false),
  DaemonSet("apps/v1", true, false),
  CronJob("batch/v1", true, false),
  /** After those that control it. */
  ReplicaSet("apps/v1", true, false),
  ReplicationController("v1", true, false),
  Job("batch/v1", true, false),
  Pod("v1", true, false);

  final String apiVersion;
  final boolean namespaced;

  /** Whether a review is complete without it, if less exact. */
  final boolean optional;

  ListedKind(String apiVersion, boolean namespaced, boolean optional) {
    this.apiVersion = apiVersion;
    this.namespaced = namespaced;
    this.optional = optional;
  }

  String plural() {
    return name().toLowerCase(Locale.ROOT) + (name().endsWith("s") ? "es" : "s");
  }

  /**
   * The path of the list.
   *
   * @param namespace empty for all
   */
  String path(String namespace) {
    var root = (apiVersion.equals("v1") ? "/api/" : "/apis/") + apiVersion;
    return root
        + (namespaced && !namespace.isEmpty() ? "/namespaces/" + namespace : "")
        + "/"
        + plural();
  }
}
