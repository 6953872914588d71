package dev.gambeson.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.apiserver.Cluster.Registered;
import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ConfigurationLoader;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What the handbooks of large clusters ask every team to write into every pod, by the number of
 * each practice: a pod without it comes out of the API server with it, and one that breaks it is
 * refused. Each configuration is the shortest that does it.
 */
@ExtendWith(ClusterExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PracticesTest {
  private static final String CONTAINER = "/spec/containers/0";
  private static final String SECURITY_CONTEXT = CONTAINER + "/securityContext";

  private final Cluster cluster;
  private final String namespace;

  PracticesTest(Cluster cluster) {
    this.cluster = cluster;
    namespace = cluster.namespace(Registered.BY_URL, Map.of());
  }

  @AfterEach
  void restoreTheConfiguration() {
    cluster.configure(cluster.configuration());
  }

  @Test
  void row01_oneTimeZoneForAllPods() throws Exception {
    configure("Timezone: {fix: apply, zone: Asia/Shanghai}");
    has(admitted(web("{}")), CONTAINER + "/env", "[{name: TZ, value: Asia/Shanghai}]");

    configure("Timezone: {fix: apply, zone: Asia/Shanghai, strategy: hostPath}");
    var mounting = admitted(web("{}"));
    var localtime = named(mounting.at(CONTAINER + "/volumeMounts"), "/etc/localtime");
    has(localtime, "/readOnly", "true");
    var file = named(mounting.at("/spec/volumes"), localtime.path("name").asText());
    has(file, "/hostPath/path", "/usr/share/zoneinfo/Asia/Shanghai");
  }

  @Test
  void row02_anythingForPodsByLabel() throws Exception {
    configure(
        """
        PodPresets:
          fix: apply
          presets:
            logs:
              pods: {matchLabels: {app: web}}
              env: [{name: LOG_LEVEL, value: info}]
              envFrom: [{configMapRef: {name: logging}}]
              volumes: [{name: settings, configMap: {name: logging}}]
              volumeMounts: [{name: settings, mountPath: /etc/logging}]
        """);
    var pod = admitted(web("{}"));
    has(pod, CONTAINER + "/env", "[{name: LOG_LEVEL, value: info}]");
    has(pod, CONTAINER + "/envFrom", "[{configMapRef: {name: logging}}]");
    has(named(pod.at("/spec/volumes"), "settings"), "/configMap/name", "logging");
    has(named(pod.at(CONTAINER + "/volumeMounts"), "/etc/logging"), "/name", "settings");
  }

  @Test
  void row03_requestsAndLimits() throws Exception {
    configure(
        """
        Resources:
          fix: apply
          requests: {cpu: 100m, memory: 128Mi, ephemeral-storage: 64Mi}
          limits: {memory: 256Mi, ephemeral-storage: 1Gi}
        """);
    has(
        admitted(web("{}")),
        CONTAINER + "/resources",
        """
        requests: {cpu: 100m, memory: 128Mi, ephemeral-storage: 64Mi}
        limits: {memory: 256Mi, ephemeral-storage: 1Gi}
        """);

    configure("Resources: {check: enforce, required: [limits.memory]}");
    assertThat(refusal(web("{}")))
        .contains(
            "[Resources] container \"web\": spec.containers[0].resources.limits.memory: found nothing,");
    configure("Resources: {check: enforce, required: [], maximum: {cpu: 4}}");
    assertThat(refusal(web("{resources: {requests: {cpu: 8}}}")))
        .contains("spec.containers[0].resources.requests.cpu: found 8, wanted at most 4");
    configure("Resources: {check: enforce, required: [], maxLimitRequestRatio: {memory: 2}}");
    assertThat(refusal(web("{resources: {requests: {memory: 1Gi}, limits: {memory: 4Gi}}}")))
        .contains("limits.memory: found 4Gi, wanted at most 2 times the request of 1Gi");
    configure("Resources: {check: enforce, required: [], qosClass: Guaranteed}");
    assertThat(refusal(web("{}")))
        .contains("found quality of service BestEffort, wanted Guaranteed");
  }

  @Test
  void row04_emptyDirWithASizeLimit() throws Exception {
    var pod = web("{}");
    pod.withObject("/spec").set("volumes", Pods.json("[{name: data, emptyDir: {}}]"));
    configure("EmptyDirSizeLimit: {fix: apply, sizeLimit: 2Gi}");
    has(named(admitted(pod).at("/spec/volumes"), "data"), "/emptyDir", "{sizeLimit: 2Gi}");

    configure("EmptyDirSizeLimit: {check: enforce}");
    assertThat(refusal(pod))
        .contains(
            "[EmptyDirSizeLimit] spec.volumes[0].emptyDir.sizeLimit: found nothing in volume"
                + " \"data\", wanted a limit");
  }

  @Test
  void row05_noPrivilegeEscalation() throws Exception {
    configure("AllowPrivilegeEscalation: {fix: apply}");
    has(admitted(web("{}")), SECURITY_CONTEXT + "/allowPrivilegeEscalation", "false");

    configure("AllowPrivilegeEscalation: {check: enforce}");
    assertThat(refusal(web("{securityContext: {allowPrivilegeEscalation: true}}")))
        .contains(
            "[AllowPrivilegeEscalation] container \"web\":"
                + " spec.containers[0].securityContext.allowPrivilegeEscalation: found true, wanted false");
  }

  @Test
  void row06_notRootAndHighIds() throws Exception {
    configure("{RunAsNonRoot: {fix: apply}, RunAsUser: {fix: apply, uid: 10001, gid: 10001}}");
    var context = admitted(web("{}")).at(SECURITY_CONTEXT);
    has(context, "/runAsNonRoot", "true");
    has(context, "/runAsUser", "10001");
    has(context, "/runAsGroup", "10001");

    configure("RunAsNonRoot: {fix: apply}");
    has(admitted(web("{}")), SECURITY_CONTEXT, "{runAsNonRoot: true}");

    configure("RunAsNonRoot: {check: enforce}");
    assertThat(refusal(web("{securityContext: {runAsNonRoot: false}}")))
        .contains(
            "[RunAsNonRoot] container \"web\": spec.containers[0].securityContext.runAsNonRoot: found false,"
                + " wanted true");
    configure("RunAsUser: {check: enforce, minimumUid: 3000, minimumGid: 3000}");
    assertThat(refusal(web("{securityContext: {runAsUser: 1000, runAsGroup: 1000}}")))
        .contains(
            "[RunAsUser] container \"web\": spec.containers[0].securityContext.runAsUser: found 1000, wanted"
                + " at least 3000",
            "spec.containers[0].securityContext.runAsGroup: found 1000, wanted at least 3000");
  }

  @Test
  void row07_noServiceAccountTokenWithoutNeed() throws Exception {
    configure("ServiceAccountToken: {fix: apply}");
    var pod = admitted(web("{}"));
    has(pod, "/spec/automountServiceAccountToken", "false");
    assertThat(pod.at("/spec/volumes")).isEmpty();
    assertThat(pod.at(CONTAINER + "/volumeMounts")).isEmpty();

    configure("ServiceAccountToken: {check: enforce}");
    assertThat(refusal(web("{}")))
        .contains("[ServiceAccountToken] spec.automountServiceAccountToken: found nothing,");
  }

  @Test
  void row08_seccompRuntimeDefault() throws Exception {
    configure("SeccompProfile: {fix: apply}");
    has(admitted(web("{}")), "/spec/securityContext", "{seccompProfile: {type: RuntimeDefault}}");

    configure("SeccompProfile: {check: enforce}");
    assertThat(refusal(web("{securityContext: {seccompProfile: {type: Unconfined}}}")))
        .contains(
            "[SeccompProfile] container \"web\": spec.containers[0].securityContext.seccompProfile.type:"
                + " found Unconfined, wanted RuntimeDefault or Localhost");
  }

  @Test
  void row09_capabilitiesDropped() throws Exception {
    configure("Capabilities: {fix: apply}");
    has(admitted(web("{}")), SECURITY_CONTEXT, "{capabilities: {drop: [ALL]}}");
    configure("Capabilities: {fix: apply, drop: [NET_RAW]}");
    has(admitted(web("{}")), SECURITY_CONTEXT, "{capabilities: {drop: [NET_RAW]}}");

    configure("Capabilities: {check: enforce, drop: [NET_RAW]}");
    assertThat(refusal(web("{securityContext: {capabilities: {drop: [CHOWN]}}}")))
        .contains(
            "[Capabilities] container \"web\": spec.containers[0].securityContext.capabilities.drop: found"
                + " CHOWN, wanted NET_RAW");
  }

  @Test
  void row10_readOnlyRootFilesystem() throws Exception {
    configure("ReadOnlyRootFilesystem: {fix: apply, writable: [/tmp]}");
    var pod = admitted(web("{}"));
    has(pod, SECURITY_CONTEXT + "/readOnlyRootFilesystem", "true");
    var tmp = named(pod.at(CONTAINER + "/volumeMounts"), "/tmp");
    has(named(pod.at("/spec/volumes"), tmp.path("name").asText()), "/emptyDir", "{}");

    configure("ReadOnlyRootFilesystem: {check: enforce}");
    assertThat(refusal(web("{securityContext: {readOnlyRootFilesystem: false}}")))
        .contains(
            "[ReadOnlyRootFilesystem] container \"web\":"
                + " spec.containers[0].securityContext.readOnlyRootFilesystem: found false, wanted true");
  }

  @Test
  void row11_replicasOnDifferentNodes() throws Exception {
    configure("PodAntiAffinity: {fix: apply}");
    has(
        admitted(replica()),
        "/spec/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/0/podAffinityTerm",
        """
        topologyKey: kubernetes.io/hostname
        labelSelector: {matchLabels: {app: web}}
        """);
    configure(
        """
        PodAntiAffinity:
          fix: apply
          strength: required
          matchExpressions:
          - {key: track, operator: In, values: [stable]}
          - {key: tier, operator: NotIn, values: [batch]}
          - {key: release, operator: Exists}
          - {key: debug, operator: DoesNotExist}
        """);
    has(
        admitted(replica()),
        "/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/0/labelSelector",
        """
        matchLabels: {app: web}
        matchExpressions:
        - {key: track, operator: In, values: [stable]}
        - {key: tier, operator: NotIn, values: [batch]}
        - {key: release, operator: Exists}
        - {key: debug, operator: DoesNotExist}
        """);

    configure("PodAntiAffinity: {check: enforce}");
    assertThat(refusal(replica()))
        .contains("[PodAntiAffinity] spec.affinity.podAntiAffinity: found nothing, wanted a term");
  }

  @Test
  void row12_replicasSpreadAtSeveralLevels() throws Exception {
    configure(
        """
        TopologySpread:
          fix: apply
          levels:
          - {topologyKey: kubernetes.io/hostname, maxSkew: 1, whenUnsatisfiable: DoNotSchedule}
          - {topologyKey: example.com/rack, maxSkew: 1, whenUnsatisfiable: ScheduleAnyway}
          - {topologyKey: topology.kubernetes.io/zone, maxSkew: 2, whenUnsatisfiable: ScheduleAnyway}
        """);
    has(
        admitted(replica()),
        "/spec/topologySpreadConstraints",
        """
        - topologyKey: kubernetes.io/hostname
          maxSkew: 1
          whenUnsatisfiable: DoNotSchedule
          labelSelector: {matchLabels: {app: web}}
        - topologyKey: example.com/rack
          maxSkew: 1
          whenUnsatisfiable: ScheduleAnyway
          labelSelector: {matchLabels: {app: web}}
        - topologyKey: topology.kubernetes.io/zone
          maxSkew: 2
          whenUnsatisfiable: ScheduleAnyway
          labelSelector: {matchLabels: {app: web}}
        """);

    configure("TopologySpread: {check: enforce}");
    assertThat(refusal(replica()))
        .contains("[TopologySpread] spec.topologySpreadConstraints: found nothing, wanted");
  }

  @Test
  void row13_procAndSysShowTheContainersOwnLimits() throws Exception {
    configure("LxcfsMounts: {fix: apply}");
    var asks = web("{}");
    asks.withObject("/metadata/labels").put("gambeson.dev/lxcfs", "true");
    var pod = admitted(asks);
    var meminfo = named(pod.at(CONTAINER + "/volumeMounts"), "/proc/meminfo");
    has(meminfo, "/readOnly", "true");
    has(
        named(pod.at("/spec/volumes"), meminfo.path("name").asText()),
        "/hostPath/path",
        "/var/lib/lxcfs/proc/meminfo");
    assertThat(admitted(web("{}")).findValuesAsText("mountPath"))
        .noneMatch(PracticesTest::isOfProc);
    asks.withObject(CONTAINER).put("image", "alpine:3.22");
    assertThat(admitted(asks).findValuesAsText("mountPath")).noneMatch(PracticesTest::isOfProc);

    configure("LxcfsMounts: {fix: apply, pods: {}, namespaces: [\"*\"]}");
    assertThat(admitted(web("{}")).findValuesAsText("mountPath")).anyMatch(PracticesTest::isOfProc);
    configure("LxcfsMounts: {fix: apply, pods: {}, namespaces: [elsewhere]}");
    assertThat(admitted(web("{}")).findValuesAsText("mountPath"))
        .noneMatch(PracticesTest::isOfProc);
  }

  @Test
  void row14_hostNetworkPodsResolveClusterNames() throws Exception {
    var pod = web("{}");
    pod.withObject("/spec").put("hostNetwork", true);
    configure("HostNetworkDns: {fix: apply}");
    has(admitted(pod), "/spec/dnsPolicy", "ClusterFirstWithHostNet");

    configure("HostNetworkDns: {check: enforce}");
    assertThat(refusal(pod))
        .contains(
            "[HostNetworkDns] spec.dnsPolicy: found ClusterFirst beside hostNetwork, wanted"
                + " ClusterFirstWithHostNet");
  }

  @Test
  void row15_probes() throws Exception {
    configure("Probes: {check: enforce, require: [readiness, liveness, startup]}");
    assertThat(refusal(web("{readinessProbe: {tcpSocket: {port: 8080}}}")))
        .contains("livenessProbe: found nothing", "startupProbe: found nothing")
        .doesNotContain("readinessProbe: found nothing");
    configure("Probes: {check: enforce}");
    admitted(web("{readinessProbe: {tcpSocket: {port: 8080}}}"));
  }

  @Test
  void row16_noRequestLostAtARollout() throws Exception {
    var pod = web("{ports: [{containerPort: 8080}]}");
    configure("PreStopDelay: {fix: apply, seconds: 15}");
    var delayed = admitted(pod);
    has(delayed, CONTAINER + "/lifecycle", "{preStop: {sleep: {seconds: 15}}}");
    has(delayed, "/spec/terminationGracePeriodSeconds", "45");

    configure("PreStopDelay: {check: enforce}");
    assertThat(refusal(pod))
        .contains("spec.containers[0].lifecycle.preStop: found nothing, wanted a delay");
  }

  @Test
  void row17_imagesFromTrustedRegistriesAtAVersion() throws Exception {
    configure(
        "ImageRegistry: {fix: apply, mirrors: [{from: docker.io, to: mirror.example.com/docker.io}]}");
    has(
        admitted(web("{image: 'nginx:1.29'}")),
        CONTAINER + "/image",
        "mirror.example.com/docker.io/library/nginx:1.29");
    configure("ImagePullPolicy: {fix: apply}");
    has(admitted(web("{image: 'nginx:1.29'}")), CONTAINER + "/imagePullPolicy", "Always");

    configure("ImageRegistry: {check: enforce, allowed: ['registry.example.com/*']}");
    assertThat(refusal(web("{}")))
        .contains(
            "[ImageRegistry] container \"web\": spec.containers[0].image: found nginx, wanted an image of"
                + " registry.example.com/*");
    configure("ImageTag: {check: enforce}");
    assertThat(refusal(web("{image: 'nginx:latest'}")))
        .contains(
            "[ImageTag] container \"web\": spec.containers[0].image: found nginx:latest, wanted the tag of"
                + " one version, or a digest");
    configure("ImageTag: {check: enforce, digest: required}");
    assertThat(refusal(web("{image: 'nginx:1.29'}")))
        .contains("spec.containers[0].image: found nginx:1.29, wanted a digest");
    configure("ImagePullPolicy: {check: enforce}");
    assertThat(refusal(web("{imagePullPolicy: IfNotPresent}")))
        .contains(
            "[ImagePullPolicy] container \"web\": spec.containers[0].imagePullPolicy: found IfNotPresent,"
                + " wanted Always");
  }

  @Test
  void row18_onlyControllersCreatePods() throws Exception {
    configure("ControlledPods: {check: enforce}");
    assertThat(refusal(web("{}"))).contains("[ControlledPods] metadata.ownerReferences: found ");
  }

  @Test
  void row19_aLogCollectorBesideTheApplication() throws Exception {
    configure(
        """
        Sidecars:
          fix: apply
          sidecars:
            filebeat: {pods: {matchLabels: {app: web}}, container: {image: 'filebeat:9.2'}}
        """);
    var sidecar = named(admitted(web("{}")).at("/spec/initContainers"), "filebeat");
    has(sidecar, "/image", "filebeat:9.2");
    has(sidecar, "/restartPolicy", "Always");
  }

  @Test
  void row20_priorityByApplication() throws Exception {
    configure(
        """
        PriorityClass:
          fix: apply
          classes: [{priorityClassName: system-cluster-critical, pods: {matchLabels: {app: web}}}]
        """);
    has(admitted(web("{}")), "/spec/priority", "2000000000");

    configure("PriorityClass: {check: enforce, allowed: ['business-*']}");
    assertThat(refusal(web("{}")))
        .contains(
            "[PriorityClass] spec.priorityClassName: found nothing, wanted one of business-*");
  }

  @Test
  void row21_dedicatedNodes() throws Exception {
    configure(
        """
        NodePlacement:
          fix: apply
          placements:
            gpu:
              pods: {matchLabels: {app: web}}
              tolerations: [{key: dedicated, operator: Equal, value: gpu, effect: NoSchedule}]
              nodeSelector: {pool: gpu}
        """);
    var pod = admitted(web("{}"));
    has(pod, "/spec/nodeSelector", "{pool: gpu}");
    assertThat(pod.at("/spec/tolerations"))
        .contains(Pods.json("{key: dedicated, operator: Equal, value: gpu, effect: NoSchedule}"));
  }

  @Test
  void row22_sysctls() throws Exception {
    configure(
        """
        Sysctls:
          fix: apply
          sets:
            semaphores:
              pods: {matchLabels: {app: web}}
              sysctls: [{name: kernel.sem, value: "250 32000 32 128"}]
        """);
    has(
        admitted(web("{}")),
        "/spec/securityContext/sysctls",
        "[{name: kernel.sem, value: '250 32000 32 128'}]");

    configure("Sysctls: {check: enforce, allowed: ['net.*']}");
    var pod = web("{}");
    pod.withObject("/spec")
        .set(
            "securityContext",
            Pods.json("{sysctls: [{name: kernel.sem, value: '250 32000 32 128'}]}"));
    assertThat(refusal(pod))
        .contains("[Sysctls] spec.securityContext.sysctls[0].name: found kernel.sem, wanted");
  }

  @Test
  void row23_labelsThatOperationsRelyOn() throws Exception {
    configure("RequiredLabels: {fix: apply, labels: {status: serving}}");
    has(admitted(web("{}")), "/metadata/labels", "{app: web, status: serving}");

    configure("RequiredLabels: {check: enforce, required: {app.kubernetes.io/name: []}}");
    assertThat(refusal(web("{}")))
        .contains(
            "[RequiredLabels] metadata.labels[app.kubernetes.io/name]: found nothing, wanted");
  }

  @Test
  void beyond_noRuntimeSocketOfTheNode() throws Exception {
    configure("RuntimeSockets: {check: enforce}");
    var pod = web("{}");
    pod.withObject("/spec")
        .set("volumes", Pods.json("[{name: docker, hostPath: {path: /var/run/docker.sock}}]"));
    assertThat(refusal(pod))
        .contains(
            "[RuntimeSockets] spec.volumes[0].hostPath: found /var/run/docker.sock in volume");
  }

  @Test
  void beyond_theSchedulerChoosesTheNode() throws Exception {
    configure("NodeName: {check: enforce}");
    var pod = web("{}");
    pod.withObject("/spec").put("nodeName", "node-1");
    assertThat(refusal(pod)).contains("[NodeName] spec.nodeName: found node-1, wanted none");
  }

  @Test
  void beyond_noPodToleratesEveryTaint() throws Exception {
    configure("Tolerations: {check: enforce}");
    var pod = web("{}");
    pod.withObject("/spec").set("tolerations", Pods.json("[{operator: Exists}]"));
    assertThat(refusal(pod)).contains("[Tolerations] spec.tolerations[0]: found every taint");

    pod.withObject("/spec")
        .set("tolerations", Pods.json("[{key: dedicated, value: web, effect: NoSchedule}]"));
    admitted(pod);
  }

  @Test
  void beyond_noSecretInPlainEnvironment() throws Exception {
    configure("SecretsInEnv: {check: enforce}");
    assertThat(refusal(web("{env: [{name: DB_PASSWORD, value: tr0ub4dor}]}")))
        .contains(
            "[SecretsInEnv] container \"web\": spec.containers[0].env[0]: found DB_PASSWORD in plain text")
        .doesNotContain("tr0ub4dor");
  }

  @Test
  void beyond_rootOfThePodIsNobodyOnTheNode() throws Exception {
    configure("HostUsers: {fix: apply}");
    has(admitted(web("{}")), "/spec/hostUsers", "false");

    configure("HostUsers: {check: enforce}");
    assertThat(refusal(web("{}")))
        .contains("[HostUsers] spec.hostUsers: found nothing, wanted false");
  }

  @Test
  void beyond_noServiceLinksInTheEnvironment() throws Exception {
    configure("ServiceLinks: {fix: apply}");
    has(admitted(web("{}")), "/spec/enableServiceLinks", "false");

    configure("ServiceLinks: {check: enforce}");
    assertThat(refusal(web("{}")))
        .contains("[ServiceLinks] spec.enableServiceLinks: found true, wanted false");
  }

  /** The API server counts what it is asked; the check of the packages is in ArchitectureTest. */
  @Test
  void row24_noPodCostsTheApiServerARead() throws Exception {
    configure("{Timezone: {fix: apply}, Resources: {fix: apply}, Privileged: {check: enforce}}");
    int pods = 100;
    long before = reads();
    assertThat(before).as("reads of the API server by its controllers").isPositive();

    for (int i = 0; i < pods; i++) {
      admitted(web("{}"));
    }

    assertThat(reads() - before).as("reads of the API server").isLessThan(pods);
  }

  /** What a webhook may want to know about a pod, asked of the API server so far. */
  private long reads() {
    return cluster
        .client()
        .raw("/metrics")
        .lines()
        .filter(line ->
            line.startsWith("apiserver_request_total{")
                && line.matches(".*verb=\"(GET|LIST)\".*")
                && line.matches(
                    ".*resource=\"(namespaces|pods|replicasets|serviceaccounts|configmaps|secrets)\".*"))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  /** Gives Gambeson these rules and nothing else. */
  private void configure(String rules) throws ConfigurationException {
    cluster.configure(
        ConfigurationLoader.load(
            """
            apiVersion: gambeson.dev/v1alpha1
            kind: GambesonConfig
            defaultProfile: practice
            profiles:
              practice:
                rules:
            """
                + rules.indent(6),
            "a practice"));
  }

  private JsonNode admitted(ObjectNode pod) throws IOException, InterruptedException {
    var answer = cluster.pods().dryRun(namespace, pod);
    assertThat(answer.accepted()).as(answer::message).isTrue();
    return answer.body();
  }

  private String refusal(ObjectNode pod) throws IOException, InterruptedException {
    var answer = cluster.pods().dryRun(namespace, pod);
    assertThat(answer.status()).as("the status of the answer").isEqualTo(403);
    assertThat(answer.message())
        .startsWith("admission webhook \"validate.gambeson.dev\" denied the request: ");
    return answer.message();
  }

  private static ObjectNode web(String container) {
    var pod = Pods.plain("web");
    pod.withObject(CONTAINER).setAll((ObjectNode) Pods.json(container));
    return pod;
  }

  /** A pod as the controller of ReplicaSets creates it. */
  private static ObjectNode replica() {
    var pod = web("{}");
    pod.withObject("/metadata")
        .set(
            "ownerReferences",
            Pods.json(
                "[{apiVersion: apps/v1, kind: ReplicaSet, name: web, uid: 7d0a4b3e, controller: true}]"));
    return pod;
  }

  private static void has(JsonNode object, String pointer, String yaml) {
    assertThat(object.at(pointer)).as(pointer).isEqualTo(Pods.json(yaml));
  }

  /** The element of a list that has that name, or of volume mounts that path. */
  private static JsonNode named(JsonNode list, String name) {
    for (var element : list) {
      if (element.path("name").asText().equals(name)
          || element.path("mountPath").asText().equals(name)) {
        return element;
      }
    }
    throw new AssertionError("no " + name + " in " + list);
  }

  private static boolean isOfProc(String path) {
    return path.startsWith("/proc/");
  }
}
