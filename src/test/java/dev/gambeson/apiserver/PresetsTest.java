package dev.gambeson.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.apiserver.Cluster.Registered;
import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.verdict.Configuration;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What presets bring, as the API server returns it, is known again. */
@ExtendWith(ClusterExtension.class)
class PresetsTest {
  /** Every kind of volume, with as few fields as the API server takes. */
  private static final List<String> VOLUMES =
      List.of(
          "awsElasticBlockStore: {volumeID: v}",
          "awsElasticBlockStore: {volumeID: v, partition: 0, readOnly: false, fsType: ''}",
          "azureDisk: {diskName: d, diskURI: 'https://a.blob.core.windows.net/vhds/d.vhd'}",
          "azureFile: {secretName: s, shareName: s}",
          "azureFile: {secretName: s, shareName: s, readOnly: false}",
          "cephfs: {monitors: [m]}",
          "cephfs: {monitors: [m], path: /, user: admin, secretFile: '', readOnly: false}",
          "cinder: {volumeID: v}",
          "configMap: {name: c}",
          "configMap: {name: c, optional: false, items: [{key: k, path: p, mode: 256}]}",
          "csi: {driver: d.example.com}",
          "csi: {driver: d.example.com, readOnly: false, fsType: '', volumeAttributes: {}}",
          "downwardAPI: {}",
          "downwardAPI: {items: [{path: a, fieldRef: {fieldPath: metadata.name}},"
              + " {path: b, resourceFieldRef: {containerName: web, resource: limits.cpu}},"
              + " {path: c, resourceFieldRef: {containerName: web, resource: limits.memory, divisor: 1024Ki}}]}",
          "emptyDir: {}",
          "emptyDir: {medium: '', sizeLimit: 1024Mi}",
          "emptyDir: {medium: Memory, sizeLimit: 0.5Gi}",
          "ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce],"
              + " resources: {requests: {storage: 1024Mi}}}}}",
          "ephemeral: {volumeClaimTemplate: {metadata: {labels: {a: b}, annotations: {}},"
              + " spec: {accessModes: [ReadWriteOnce], storageClassName: fast,"
              + " dataSource: {apiGroup: snapshot.storage.k8s.io, kind: VolumeSnapshot, name: s},"
              + " resources: {requests: {storage: 1.5Gi}}}}}",
          "fc: {targetWWNs: [w], lun: 0}",
          "fc: {wwids: [w], readOnly: false}",
          "flexVolume: {driver: a/b}",
          "flexVolume: {driver: a/b, options: {}, readOnly: false}",
          "flocker: {datasetName: d}",
          "gcePersistentDisk: {pdName: d}",
          "gcePersistentDisk: {pdName: d, partition: 0, readOnly: false}",
          "gitRepo: {repository: r}",
          "glusterfs: {endpoints: e, path: p}",
          "hostPath: {path: /opt/data}",
          "hostPath: {path: /opt/data, type: Directory}",
          "image: {reference: 'files:1.0'}",
          "image: {reference: files}",
          "iscsi: {targetPortal: p, iqn: 'iqn.2001-04.com.example:storage.disk1', lun: 0}",
          "iscsi: {targetPortal: p, iqn: 'iqn.2001-04.com.example:storage.disk1', lun: 1,"
              + " chapAuthSession: false, portals: []}",
          "nfs: {server: s, path: /}",
          "nfs: {server: s, path: /, readOnly: false}",
          "persistentVolumeClaim: {claimName: c}",
          "persistentVolumeClaim: {claimName: c, readOnly: false}",
          "photonPersistentDisk: {pdID: p}",
          "portworxVolume: {volumeID: v}",
          "projected: {sources: []}",
          "projected: {sources: [{secret: {name: s}}, {configMap: {name: c, optional: false}},"
              + " {serviceAccountToken: {path: t}}, {serviceAccountToken: {path: u, audience: ''}},"
              + " {downwardAPI: {items: [{path: a, fieldRef: {fieldPath: metadata.labels}},"
              + " {path: b, resourceFieldRef: {containerName: web, resource: requests.cpu}}]}}]}",
          "quobyte: {registry: 'r:1', volume: v}",
          "rbd: {monitors: [m], image: i}",
          "scaleIO: {gateway: g, system: s, secretRef: {name: s}, volumeName: v}",
          "secret: {secretName: s}",
          "secret: {secretName: s, optional: false, defaultMode: 0}",
          "storageos: {volumeName: v, volumeNamespace: ns}",
          "vsphereVolume: {volumePath: p}");

  private static final List<String> MOUNTS =
      List.of(
          "",
          "readOnly: false",
          "readOnly: true, recursiveReadOnly: Disabled",
          "readOnly: true, recursiveReadOnly: IfPossible",
          "mountPropagation: None",
          "mountPropagation: HostToContainer",
          "subPath: ''",
          "subPath: a/b",
          "subPathExpr: $(NODE)");

  private static final List<String> VARIABLES =
      List.of(
          "value: plain",
          "value: ''",
          "valueFrom: {fieldRef: {fieldPath: spec.nodeName}}",
          "valueFrom: {fieldRef: {apiVersion: v1, fieldPath: metadata.name}}",
          "valueFrom: {resourceFieldRef: {resource: limits.cpu}}",
          "valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: 1m}}",
          "valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1024Ki, containerName: ''}}",
          "valueFrom: {configMapKeyRef: {name: c, key: k}}",
          "valueFrom: {configMapKeyRef: {name: c, key: k, optional: false}}",
          "valueFrom: {secretKeyRef: {name: s, key: k}}",
          "valueFrom: {secretKeyRef: {name: s, key: k, optional: true}}",
          "valueFrom: {fileKeyRef: {volumeName: env, path: f, key: K}}",
          "valueFrom: {fileKeyRef: {volumeName: env, path: f, key: K, optional: true}}");

  private static final List<String> SOURCES =
      List.of(
          "configMapRef: {name: a}",
          "configMapRef: {name: b, optional: false}",
          "prefix: '', configMapRef: {name: c, optional: true}",
          "prefix: P_, configMapRef: {name: c}",
          "secretRef: {name: a}",
          "prefix: P_, secretRef: {name: a, optional: false}");

  private final Cluster cluster;

  PresetsTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @AfterEach
  void restore() {
    cluster.configure(cluster.configuration());
  }

  @Test
  void aContainerThatComesLaterGetsWhatTheOthersGot() throws Exception {
    var namespace = cluster.namespace(Registered.TO_MUTATE, Map.of());
    cluster.configure(configuration());
    var web = Pods.plain("web");
    ((ObjectNode) web.at("/spec/containers/0"))
        .withArray("/env")
        .add(Pods.json("{name: OWN, value: in $(V0)}"));

    var first = accepted(namespace, web);
    var returned = Pods.comparable(first.body());
    ((ArrayNode) returned.at("/spec/containers"))
        .add(Pods.json("{name: added-since, image: 'agent:1.0'}"));
    var second = accepted(namespace, returned);
    var third = accepted(namespace, Pods.comparable(second.body()));

    var app = second.body().at("/spec/containers/0");
    var added = second.body().at("/spec/containers/1");
    assertThat(first.warnings()).noneMatch(PresetsTest::isSkipped);
    assertThat(second.warnings()).noneMatch(PresetsTest::isSkipped);
    assertThat(app.path("env").findValuesAsText("name")).startsWith("V0", "V1").endsWith("OWN");
    assertThat(withoutLast(app.path("env"))).isEqualTo(list(added.path("env")));
    assertThat(list(added.path("env"))).hasSize(VARIABLES.size() + 1);
    assertThat(list(added.path("envFrom")))
        .isEqualTo(list(app.path("envFrom")))
        .hasSize(SOURCES.size());
    assertThat(mounts(added)).isEqualTo(mounts(app)).hasSize(VOLUMES.size() + MOUNTS.size() + 1);
    assertThat(cluster.apiServer().patches(third.auditId())).as("the third pass").isEmpty();
  }

  private PodApi.Answer accepted(String namespace, JsonNode pod)
      throws IOException, InterruptedException {
    var answer = cluster.pods().dryRun(namespace, pod);
    assertThat(answer.message()).isEmpty();
    return answer;
  }

  private static boolean isSkipped(String warning) {
    return warning.contains("[PodPresets]");
  }

  private static List<JsonNode> list(JsonNode array) {
    return array.valueStream().toList();
  }

  private static List<JsonNode> withoutLast(JsonNode array) {
    return list(array).subList(0, array.size() - 1);
  }

  /** By their paths: the API server puts its token volume where it likes. */
  private static Map<String, JsonNode> mounts(JsonNode container) {
    return container
        .path("volumeMounts")
        .valueStream()
        .collect(Collectors.toMap(mount -> mount.path("mountPath").asText(), mount -> mount));
  }

  private static Configuration configuration() throws ConfigurationException {
    var presets = new StringBuilder();
    for (int i = 0; i < VOLUMES.size(); i++) {
      presets.append(
          """
                  volume-%1$d:
                    pods: {}
                    volumes: [{name: v%1$d, %2$s}]
                    volumeMounts: [{name: v%1$d, mountPath: /v%1$d%3$s}]
          """
              .formatted(
                  i,
                  VOLUMES.get(i),
                  VOLUMES.get(i).startsWith("hostPath") ? ", readOnly: true" : ""));
    }
    return ConfigurationLoader.load(
        """
        apiVersion: gambeson.dev/v1alpha1
        kind: GambesonConfig
        defaultProfile: presets
        profiles:
          presets:
            rules:
              PodPresets:
                fix: apply
                presets:
                  environment:
                    pods: {}
                    env: [%s]
                    envFrom: [%s]
                    volumes: [{name: env, emptyDir: {}}]
                  mounts:
                    pods: {}
                    env: [{name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]
                    volumes: [{name: mounted, emptyDir: {}}]
                    volumeMounts: [%s]
        %s\
        """
            .formatted(
                each(VARIABLES, "{name: V%d, %s}"),
                SOURCES.stream().map("{%s}"::formatted).collect(Collectors.joining(", ")),
                each(MOUNTS, "{name: mounted, mountPath: /m%d, %s}"),
                presets.toString().indent(2)),
        "presets");
  }

  private static String each(List<String> parts, String form) {
    return Stream.iterate(0, i -> i + 1)
        .limit(parts.size())
        .map(i -> form.formatted(i, parts.get(i)))
        .collect(Collectors.joining(", "));
  }
}
