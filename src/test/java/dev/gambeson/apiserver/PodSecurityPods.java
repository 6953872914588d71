package dev.gambeson.apiserver;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Pods near the border of the Pod Security Standards: each begins as one that passes "restricted",
 * and then up to three of the fields that the standards read are changed, to good values and bad
 * ones. The same seed gives the same pod.
 */
final class PodSecurityPods {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Every source that a volume may have. */
  private static final List<String> VOLUMES =
      List.of(
          "{}",
          "{hostPath: {path: /var/log}}",
          "{awsElasticBlockStore: {volumeID: a}}",
          "{azureDisk: {diskName: a, diskURI: 'https://blob.example.com/a'}}",
          "{azureFile: {secretName: a, shareName: a}}",
          "{cephfs: {monitors: [a]}}",
          "{cinder: {volumeID: a}}",
          "{fc: {targetWWNs: [a], lun: 0}}",
          "{flexVolume: {driver: example.com/a}}",
          "{flocker: {datasetName: a}}",
          "{gcePersistentDisk: {pdName: a}}",
          "{gitRepo: {repository: 'https://git.example.com/a'}}",
          "{glusterfs: {endpoints: a, path: a}}",
          "{iscsi: {targetPortal: '192.0.2.1', iqn: 'iqn.2001-04.com.example:a', lun: 0}}",
          "{nfs: {server: a, path: /a}}",
          "{photonPersistentDisk: {pdID: a}}",
          "{portworxVolume: {volumeID: a}}",
          "{quobyte: {registry: 'a:1', volume: a}}",
          "{rbd: {monitors: [a], image: a}}",
          "{scaleIO: {gateway: a, system: a, secretRef: {name: a}, volumeName: a}}",
          "{storageos: {volumeName: a}}",
          "{vsphereVolume: {volumePath: a}}",
          "{configMap: {name: a}}",
          "{csi: {driver: csi.example.com}}",
          "{downwardAPI: {items: [{path: a, fieldRef: {fieldPath: metadata.name}}]}}",
          "{emptyDir: {}}",
          "{ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce],"
              + " resources: {requests: {storage: 1Gi}}}}}}",
          "{image: {reference: zones}}",
          "{persistentVolumeClaim: {claimName: a}}",
          "{projected: {sources: [{configMap: {name: a}}]}}",
          "{secret: {secretName: a}}");

  private static final List<String> SYSCTLS =
      List.of(
          "kernel.shm_rmid_forced",
          "net.ipv4.ip_local_port_range",
          "net.ipv4.ip_unprivileged_port_start",
          "net.ipv4.ping_group_range",
          "net.ipv4.tcp_syncookies",
          "kernel.msgmax",
          "net.core.somaxconn");

  /** Those that v1.37 adds are left out: the API server's own latest version is v1.36. */
  private static final List<String> SYSCTLS_OF_LATER_VERSIONS =
      List.of(
          "net.ipv4.ip_local_reserved_ports",
          "net.ipv4.tcp_fin_timeout",
          "net.ipv4.tcp_keepalive_intvl",
          "net.ipv4.tcp_keepalive_probes",
          "net.ipv4.tcp_keepalive_time",
          "net.ipv4.tcp_rmem",
          "net.ipv4.tcp_wmem");

  private static final List<String> CAPABILITIES =
      List.of(
          "ALL",
          "AUDIT_WRITE",
          "CAP_CHOWN",
          "CHOWN",
          "DAC_OVERRIDE",
          "FOWNER",
          "FSETID",
          "KILL",
          "MKNOD",
          "NET_ADMIN",
          "NET_BIND_SERVICE",
          "NET_RAW",
          "SETFCAP",
          "SETGID",
          "SETPCAP",
          "SETUID",
          "SYS_ADMIN",
          "SYS_CHROOT",
          "net_bind_service");

  private static final List<String> PROFILE_TYPES =
      List.of("RuntimeDefault", "Localhost", "Unconfined");

  private static final List<String> SELINUX_OPTIONS =
      List.of(
          "{}",
          "{level: 's0:c1,c2'}",
          "{type: ''}",
          "{type: container_t}",
          "{type: container_init_t}",
          "{type: container_kvm_t}",
          "{type: container_engine_t}",
          "{type: spc_t}",
          "{user: system_u}",
          "{role: system_r}");

  private static final List<String> HANDLERS =
      List.of(
          "{httpGet: {port: 80}}",
          "{httpGet: {port: 80, host: ''}}",
          "{httpGet: {port: 80, host: 192.0.2.1}}",
          "{tcpSocket: {port: 80}}",
          "{tcpSocket: {port: 80, host: localhost}}",
          "{exec: {command: ['true']}}");

  private final Random random;
  private final ObjectNode pod;
  private final ObjectNode spec;
  private final List<ObjectNode> containers = new ArrayList<>();
  private final boolean windows;

  private PodSecurityPods(long seed) {
    // Neighbouring seeds of java.util.Random begin alike.
    random = new Random(seed * 0x9E3779B97F4A7C15L);
    pod = JSON.objectNode().put("apiVersion", "v1").put("kind", "Pod");
    pod.putObject("metadata").put("name", "generated-" + seed);
    spec = pod.putObject("spec");
    windows = random.nextInt(10) == 0;
  }

  static ObjectNode pod(long seed) {
    var pods = new PodSecurityPods(seed);
    pods.begin();
    pods.change();
    return pods.pod;
  }

  /** A container that somebody adds to that pod to debug it. */
  static ObjectNode debugContainer(long seed) {
    var pods = new PodSecurityPods(seed);
    pods.begin();
    var container = JSON.objectNode().put("name", "debug").put("image", "busybox");
    pods.harden(container);
    for (int i = pods.random.nextInt(3); i > 0; i--) {
      if (pods.windows) {
        pods.flag(container.withObject("/securityContext"), "runAsNonRoot");
      } else {
        pods.changeLinuxContainer(container);
      }
    }
    return container;
  }

  private void begin() {
    if (windows) {
      spec.putObject("os").put("name", "windows");
    } else {
      rarely(() -> spec.putObject("os").put("name", "linux"));
    }
    rarely(() -> spec.put("hostUsers", false));
    rarely(() ->
        spec.putObject("nodeSelector").put("kubernetes.io/os", windows ? "windows" : "linux"));
    var context = spec.putObject("securityContext");
    sometimes(() -> context.put("runAsNonRoot", true));
    if (!windows) {
      rarely(() -> context.put("runAsUser", 1000));
      sometimes(() -> fill(context.putObject("seccompProfile"), "RuntimeDefault"));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      var container = container("initContainers", "i" + i);
      sometimes(() -> container.put("restartPolicy", "Always"));
    }
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      container("containers", "c" + i);
    }
  }

  private ObjectNode container(String list, String name) {
    var container = spec.withArray("/" + list).addObject().put("name", name).put("image", "nginx");
    harden(container);
    containers.add(container);
    return container;
  }

  private void harden(ObjectNode container) {
    var context = container.putObject("securityContext");
    var ofPod = spec.path("securityContext");
    if (!ofPod.has("runAsNonRoot") || random.nextBoolean()) {
      context.put("runAsNonRoot", true);
    }
    if (windows) {
      return;
    }
    if (!ofPod.has("seccompProfile") || random.nextBoolean()) {
      fill(context.putObject("seccompProfile"), oneOf("RuntimeDefault", "Localhost"));
    }
    context.put("allowPrivilegeEscalation", false);
    context.putObject("capabilities").putArray("drop").add("ALL");
  }

  private void change() {
    for (int i = random.nextInt(4); i > 0; i--) {
      switch (random.nextInt(windows ? 8 : 18)) {
        case 0 -> hostNamespace();
        case 1 -> port();
        case 2, 3 -> volume();
        case 4 -> probe();
        case 5 -> hook();
        case 6 -> flag(anyContext(), "runAsNonRoot");
        case 7 -> hostProcess();
        case 8, 9, 10 -> sysctl();
        case 11 -> annotation();
        case 12, 13 -> userNamespace();
        case 14 -> changeLinuxContext(podContext());
        default -> changeLinuxContainer(any(containers));
      }
    }
  }

  private void hostNamespace() {
    spec.put(oneOf("hostNetwork", "hostPID", "hostIPC"), random.nextInt(3) > 0);
    // Validation refuses the two together.
    spec.remove("hostUsers");
  }

  private void port() {
    var port = any(containers).withArray("/ports").addObject();
    port.put("containerPort", 8080 + random.nextInt(1000));
    sometimes(
        () -> port.put("hostPort", random.nextBoolean() ? port.path("containerPort").asInt() : 0));
  }

  private void volume() {
    var volumes = spec.withArray("/volumes");
    volumes.add(yaml(any(VOLUMES)).put("name", "v" + volumes.size()));
  }

  /** In a container that may have probes: an ordinary init container may not. */
  private void probe() {
    containers
        .getLast()
        .set(oneOf("livenessProbe", "readinessProbe", "startupProbe"), yaml(any(HANDLERS)));
  }

  private void hook() {
    containers
        .getLast()
        .withObject("/lifecycle")
        .set(oneOf("postStart", "preStop"), yaml(any(HANDLERS)));
  }

  /** Validation wants all containers to be such, and the network of the node. */
  private void hostProcess() {
    boolean hostProcess = random.nextBoolean();
    var context = random.nextBoolean() ? podContext() : null;
    if (context != null) {
      context.putObject("windowsOptions").put("hostProcess", hostProcess);
    } else {
      containers.forEach(container ->
          container.withObject("/securityContext/windowsOptions").put("hostProcess", hostProcess));
    }
    if (hostProcess) {
      spec.put("hostNetwork", true).remove("hostUsers");
    }
    if (!windows) {
      spec.remove("os");
    }
  }

  private void sysctl() {
    var name = any(random.nextInt(3) == 0 ? SYSCTLS : SYSCTLS_OF_LATER_VERSIONS);
    podContext().withArray("/sysctls").addObject().put("name", name).put("value", "1");
  }

  /** In which v1.35 allows what it refuses elsewhere. */
  private void userNamespace() {
    spec.put("hostUsers", false);
    spec.remove(List.of("hostNetwork", "hostPID", "hostIPC"));
    var context = any(containers).withObject("/securityContext");
    switch (random.nextInt(3)) {
      case 0 -> context.put("procMount", "Unmasked");
      case 1 -> context.put("runAsUser", 0);
      default -> context.put("runAsNonRoot", false);
    }
  }

  private void annotation() {
    var container = any(containers).path("name").asText();
    var annotations = pod.withObject("/metadata/annotations");
    switch (random.nextInt(3)) {
      case 0 ->
          annotations.put(
              "container.apparmor.security.beta.kubernetes.io/" + container,
              oneOf("runtime/default", "localhost/app", "unconfined"));
      case 1 ->
          annotations.put(
              "container.seccomp.security.alpha.kubernetes.io/" + container,
              oneOf("runtime/default", "docker/default", "localhost/app", "unconfined"));
      default ->
          annotations.put(
              "seccomp.security.alpha.kubernetes.io/pod",
              oneOf("runtime/default", "docker/default", "localhost/app", "unconfined"));
    }
  }

  /** Changes what containers have, and pods have for them. */
  private void changeLinuxContext(ObjectNode context) {
    switch (random.nextInt(5)) {
      case 0 -> profile(context, "seccompProfile");
      case 1 -> profile(context, "appArmorProfile");
      case 2 -> context.set("seLinuxOptions", yaml(any(SELINUX_OPTIONS)));
      case 3 -> context.put("runAsUser", oneOf(0, 1, 1000));
      default -> flag(context, "runAsNonRoot");
    }
  }

  private void changeLinuxContainer(ObjectNode container) {
    var context = container.withObject("/securityContext");
    switch (random.nextInt(8)) {
      case 0 -> escalation(context);
      case 1 -> context.put("procMount", "Default");
      case 2 -> capability(context);
      case 3 -> drop(context);
      default -> changeLinuxContext(context);
    }
  }

  private void profile(ObjectNode context, String field) {
    if (context.path(field).isObject() && random.nextBoolean()) {
      context.remove(field);
    } else {
      fill(context.putObject(field), any(PROFILE_TYPES));
    }
  }

  private void escalation(ObjectNode context) {
    sometimes(() -> context.put("privileged", random.nextBoolean()));
    if (context.path("privileged").asBoolean()) {
      context.put("allowPrivilegeEscalation", true);
    } else {
      flag(context, "allowPrivilegeEscalation");
    }
  }

  private void capability(ObjectNode context) {
    var name = any(CAPABILITIES);
    context.withObject("/capabilities").withArray("/add").add(name);
  }

  private void drop(ObjectNode context) {
    var drop = context.withObject("/capabilities").putArray("drop");
    sometimes(() -> drop.add(oneOf("ALL", "all", "NET_RAW")));
    sometimes(() -> drop.add("NET_RAW"));
  }

  private void flag(ObjectNode context, String field) {
    switch (random.nextInt(3)) {
      case 0 -> context.remove(field);
      case 1 -> context.put(field, false);
      default -> context.put(field, true);
    }
  }

  private ObjectNode podContext() {
    return spec.withObject("/securityContext");
  }

  private ObjectNode anyContext() {
    return random.nextInt(3) == 0 ? podContext() : any(containers).withObject("/securityContext");
  }

  private static void fill(ObjectNode profile, String type) {
    profile.put("type", type);
    if (type.equals("Localhost")) {
      profile.put("localhostProfile", "profiles/app.json");
    }
  }

  private static ObjectNode yaml(String text) {
    return (ObjectNode) Pods.json(text);
  }

  private void rarely(Runnable action) {
    with(0.15, action);
  }

  private void sometimes(Runnable action) {
    with(0.5, action);
  }

  private void with(double probability, Runnable action) {
    if (random.nextDouble() < probability) {
      action.run();
    }
  }

  @SafeVarargs
  private <T> T oneOf(T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
