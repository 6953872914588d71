package dev.gambeson.apiserver;

import java.util.Locale;
import java.util.stream.Stream;

/** The kinds of objects that describe pods, as the Kubernetes API spells them. */
enum Workload {
  Deployment("apps/v1", "spec.template", "Always"),
  StatefulSet("apps/v1", "spec.template", "Always"),
  DaemonSet("apps/v1", "spec.template", "Always"),
  ReplicaSet("apps/v1", "spec.template", "Always"),
  ReplicationController("v1", "spec.template", "Always"),
  Job("batch/v1", "spec.template", "Never"),
  CronJob("batch/v1", "spec.jobTemplate.spec.template", "Never"),
  PodTemplate("v1", "template", "Always");

  private final String apiVersion;
  private final String restartPolicy;

  /** Where the template is. */
  final String template;

  Workload(String apiVersion, String template, String restartPolicy) {
    this.apiVersion = apiVersion;
    this.template = template;
    this.restartPolicy = restartPolicy;
  }

  /**
   * An object named {@code web}.
   *
   * @param podSpec the fields of its pods' spec, in YAML's flow style
   */
  String yaml(String podSpec) {
    var pods =
        "template: {metadata: {labels: {app: web}}, spec: {restartPolicy: %s, %s}}"
            .formatted(restartPolicy, podSpec);
    var rest =
        switch (this) {
          case Deployment, StatefulSet, DaemonSet, ReplicaSet ->
              "spec: {selector: {matchLabels: {app: web}}, " + pods + "}";
          case ReplicationController, Job -> "spec: {" + pods + "}";
          case CronJob -> "spec: {schedule: 0 3 * * *, jobTemplate: {spec: {" + pods + "}}}";
          case PodTemplate -> pods;
        };
    return """
    apiVersion: %s
    kind: %s
    metadata: {name: web}
    %s
    """
        .formatted(apiVersion, this, rest);
  }

  /** Whether objects of that kind, in that version, describe pods and are no pods. */
  static boolean isOne(String apiVersion, String kind) {
    return Stream.of(values())
        .anyMatch(each -> each.apiVersion.equals(apiVersion) && each.name().equals(kind));
  }

  /** The path of the collection of these objects. */
  String collection(String namespace) {
    return "%s/%s/namespaces/%s/%s"
        .formatted(
            apiVersion.equals("v1") ? "/api" : "/apis",
            apiVersion,
            namespace,
            name().toLowerCase(Locale.ROOT) + "s");
  }
}
