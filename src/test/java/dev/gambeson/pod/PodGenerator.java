package dev.gambeson.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;

/**
 * Pods as people and other webhooks write them, odd ones among them: the same seed gives the same
 * pod. It reaches every field that a rule reads, absent, empty and set, and fields that the model
 * does not know.
 */
public final class PodGenerator {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Random random;
  private final long seed;

  /** A generator of one pod. */
  public PodGenerator(long seed) {
    // Neighbouring seeds of java.util.Random begin alike.
    this.random = new Random(seed * 0x9E3779B97F4A7C15L);
    this.seed = seed;
  }

  /** The pod of a seed. */
  public static ObjectNode pod(long seed) {
    return new PodGenerator(seed).pod();
  }

  private ObjectNode pod() {
    var pod = JSON.objectNode();
    pod.put("apiVersion", "v1").put("kind", "Pod");
    metadata(pod.putObject("metadata"));
    spec(pod.putObject("spec"));
    return pod;
  }

  private void metadata(ObjectNode metadata) {
    metadata.put("name", "generated-" + seed);
    sometimes(() -> {
      var labels = metadata.putObject("labels");
      sometimes(() -> labels.put("app", "web"));
      sometimes(() -> labels.put("app.kubernetes.io/name", "shop"));
      sometimes(() -> labels.put("app.kubernetes.io/instance", "shop-1"));
      sometimes(() -> labels.put("pod-template-hash", "5d4f8c7b9"));
      sometimes(() -> labels.put("gambeson.dev/lxcfs", "true"));
      rarely(() -> labels.put("status", oneOf("serving", "batch", "")));
    });
    sometimes(() -> {
      var annotations = metadata.putObject("annotations");
      rarely(() -> annotations.put("gambeson.dev/applied", "Timezone,NoSuchRule"));
      rarely(() -> annotations.put("gambeson.dev/skip-fixes", "Timezone, Resources"));
      rarely(() ->
          annotations.put(
              "kubernetes.io/limit-ranger",
              oneOf(
                  "LimitRanger plugin set: cpu request for container c0",
                  "LimitRanger plugin set: memory limit for container c0; cpu, memory request for"
                      + " init container i0")));
      rarely(() -> annotations.put("vpaUpdates", "Pod resources updated by web"));
      rarely(() -> annotations.put("podpreset.admission.kubernetes.io/exclude", "true"));
      rarely(() -> annotations.put("vault.hashicorp.com/agent-inject", "true"));
      rarely(() -> annotations.put("example.com/odd~key/x", "it's \"odd\": {}"));
    });
    sometimes(() -> {
      var owner = metadata.putArray("ownerReferences").addObject();
      var kind =
          oneOf(
              "ReplicaSet",
              "StatefulSet",
              "DaemonSet",
              "Job",
              "CustomThing",
              "VirtualMachineInstance");
      owner
          .put(
              "apiVersion",
              kind.equals("Job") ? "batch/v1" : kind.endsWith("Set") ? "apps/v1" : "example.com/v1")
          .put("kind", kind)
          .put("name", "owner")
          .put("uid", "7d0a4b3e-0000-4000-8000-000000000001");
      often(() -> owner.put("controller", true));
    });
  }

  private void spec(ObjectNode spec) {
    rarely(() -> spec.putObject("os").put("name", oneOf("windows", "linux", "linux")));
    rarely(() -> spec.putObject("nodeSelector").put("kubernetes.io/os", oneOf("windows", "linux")));
    rarely(() -> spec.put("nodeName", "node-1"));
    rarely(() -> spec.put("hostNetwork", random.nextBoolean()));
    rarely(() -> spec.put("hostPID", random.nextBoolean()));
    rarely(() -> spec.put("hostIPC", random.nextBoolean()));
    rarely(() -> spec.put("hostUsers", random.nextBoolean()));
    rarely(() -> spec.put("shareProcessNamespace", random.nextBoolean()));
    sometimes(() ->
        spec.put(
            "dnsPolicy",
            oneOf("ClusterFirst", "ClusterFirst", "Default", "ClusterFirstWithHostNet")));
    rarely(() -> spec.put("automountServiceAccountToken", random.nextBoolean()));
    sometimes(() -> spec.put("serviceAccountName", oneOf("default", "default", "builder")));
    rarely(() -> spec.put("priorityClassName", oneOf("system-node-critical", "")));
    rarely(() -> spec.put("priority", 0).put("preemptionPolicy", "PreemptLowerPriority"));
    rarely(() -> spec.putObject("nodeSelector").put("pool", oneOf("gpu", "spot")));
    rarely(() -> spec.put("nodeName", "node-1"));
    rarely(() -> tolerations(spec));
    rarely(() -> spec.put("enableServiceLinks", random.nextBoolean()));
    rarely(() ->
        spec.put(
            "terminationGracePeriodSeconds", oneOf(0, 10, 30, 39, 40, 60 + random.nextInt(60))));
    rarely(() -> spec.put("runtimeClassName", "gvisor"));
    rarely(() -> spec.put("restartPolicy", oneOf("Always", "OnFailure", "Never")));
    sometimes(() -> podSecurityContext(spec.putObject("securityContext")));
    rarely(() -> {
      var resources = spec.putObject("resources");
      sometimes(() -> resources.putObject("requests").put("cpu", "2").put("memory", "4Gi"));
      sometimes(() -> resources.putObject("limits").put("memory", "8Gi"));
    });
    rarely(() -> affinity(spec.putObject("affinity")));
    rarely(() ->
        spec.putArray("topologySpreadConstraints")
            .addObject()
            .put("maxSkew", 1)
            .put("topologyKey", oneOf("kubernetes.io/hostname", "topology.kubernetes.io/zone"))
            .put("whenUnsatisfiable", oneOf("DoNotSchedule", "ScheduleAnyway"))
            .putObject("labelSelector")
            .putObject("matchLabels")
            .put("app", "web"));
    volumes(spec);
    int initContainers = random.nextInt(3);
    if (initContainers > 0) {
      var list = spec.putArray("initContainers");
      for (int i = 0; i < initContainers; i++) {
        var container = list.addObject();
        container(container, "i" + i, spec);
        sometimes(() -> container.put("restartPolicy", "Always"));
      }
    }
    var list = spec.putArray("containers");
    int containers = 1 + random.nextInt(3);
    for (int i = 0; i < containers; i++) {
      container(list.addObject(), "c" + i, spec);
    }
    rarely(() -> spec.putObject("fieldOfTheFuture").put("kept", true));
  }

  private void tolerations(ObjectNode spec) {
    var tolerations = spec.putArray("tolerations");
    sometimes(() -> tolerations.addObject().put("key", "spot").put("operator", "Exists"));
    sometimes(() ->
        tolerations
            .addObject()
            .put("key", "dedicated")
            .put("operator", "Equal")
            .put("value", "gpu")
            .put("effect", "NoSchedule"));
    sometimes(() ->
        tolerations
            .addObject()
            .put("key", "node.kubernetes.io/not-ready")
            .put("operator", "Exists")
            .put("effect", "NoExecute")
            .put("tolerationSeconds", 300));
    rarely(() -> {
      var everything = tolerations.addObject().put("operator", "Exists");
      sometimes(() -> everything.put("key", ""));
      sometimes(() -> everything.put("effect", oneOf("NoSchedule", "NoExecute", "")));
    });
    rarely(() ->
        tolerations
            .addObject()
            .put("key", "node-role.kubernetes.io/" + oneOf("control-plane", "master"))
            .put("effect", "NoSchedule"));
  }

  private void volumes(ObjectNode spec) {
    sometimes(() -> {
      var volumes = spec.putArray("volumes");
      volumes.addObject().put("name", "data").putObject("emptyDir");
      rarely(() ->
          volumes.addObject().put("name", "tmp").putObject("emptyDir").put("sizeLimit", "1Gi"));
      rarely(() ->
          volumes
              .addObject()
              .put("name", "node-logs")
              .putObject("hostPath")
              .put("path", "/var/log")
              .put("type", oneOf("Directory", "")));
      rarely(() ->
          volumes
              .addObject()
              .put("name", "lxcfs-proc-meminfo")
              .putObject("hostPath")
              .put("path", "/var/lib/lxcfs/proc/meminfo"));
      sometimes(() -> {
        var projected =
            volumes.addObject().put("name", "kube-api-access-x7k2p").putObject("projected");
        projected.put("defaultMode", 420);
        var sources = projected.putArray("sources");
        sources
            .addObject()
            .putObject("serviceAccountToken")
            .put("expirationSeconds", 3607)
            .put("path", "token");
        sources
            .addObject()
            .putObject("configMap")
            .put("name", "kube-root-ca.crt")
            .putArray("items")
            .addObject()
            .put("key", "ca.crt")
            .put("path", "ca.crt");
      });
      rarely(() -> {
        var image = volumes.addObject().put("name", "files").putObject("image");
        image.put("reference", oneOf("zones:2026a", "quay.io/team/files@sha256:" + "b".repeat(64)));
        sometimes(() -> image.put("pullPolicy", oneOf("Always", "Never")));
      });
      rarely(() ->
          volumes
              .addObject()
              .put("name", "sockets")
              .putObject("hostPath")
              .put("path", oneOf("/var/run/docker.sock", "//run", "/")));
      rarely(() ->
          volumes
              .addObject()
              .put("name", "block")
              .putObject("persistentVolumeClaim")
              .put("claimName", "block"));
      rarely(() ->
          volumes
              .addObject()
              .put("name", "settings")
              .putObject("configMap")
              .put("name", oneOf("logging", "other")));
      sometimes(() -> {
        var scratch = volumes.addObject().put("name", "scratch").putObject("emptyDir");
        scratch.put("medium", oneOf("Memory", ""));
        sometimes(() -> scratch.put("sizeLimit", oneOf("16Mi", "1Gi", "4Gi")));
      });
      rarely(() ->
          volumes.addObject().put("name", "none").putObject("emptyDir").put("sizeLimit", "0"));
    });
  }

  private void podSecurityContext(ObjectNode context) {
    rarely(() -> context.put("runAsNonRoot", random.nextBoolean()));
    rarely(() -> context.put("runAsUser", oneOf(0, 1000, 10001)));
    rarely(() -> context.put("runAsGroup", oneOf(0, 3000)));
    rarely(() -> context.put("fsGroup", oneOf(2000, 1000700000)));
    rarely(() -> context.putArray("supplementalGroups").add(oneOf(3000, 70000)));
    rarely(() -> seccompProfile(context.putObject("seccompProfile")));
    rarely(() ->
        context.putObject("appArmorProfile").put("type", oneOf("RuntimeDefault", "Unconfined")));
    rarely(() -> context.putObject("seLinuxOptions").put("type", oneOf("container_t", "spc_t")));
    rarely(() ->
        context
            .putArray("sysctls")
            .addObject()
            .put(
                "name", oneOf("kernel.shm_rmid_forced", "net.ipv4.tcp_syncookies", "kernel.msgmax"))
            .put("value", "1"));
  }

  private void seccompProfile(ObjectNode profile) {
    var type = oneOf("RuntimeDefault", "Unconfined", "Localhost");
    profile.put("type", type);
    if (type.equals("Localhost")) {
      profile.put("localhostProfile", "profiles/audit.json");
    }
  }

  private void affinity(ObjectNode affinity) {
    sometimes(() ->
        affinity
            .putObject("podAntiAffinity")
            .putArray("preferredDuringSchedulingIgnoredDuringExecution")
            .addObject()
            .put("weight", 50)
            .putObject("podAffinityTerm")
            .put("topologyKey", "kubernetes.io/hostname")
            .putObject("labelSelector")
            .putObject("matchLabels")
            .put("app", "web"));
    sometimes(() ->
        affinity
            .putObject("nodeAffinity")
            .putObject("requiredDuringSchedulingIgnoredDuringExecution")
            .putArray("nodeSelectorTerms")
            .addObject()
            .putArray("matchExpressions")
            .addObject()
            .put("key", oneOf("kubernetes.io/arch", "kubernetes.io/os", "pool"))
            .put("operator", oneOf("In", "NotIn"))
            .putArray("values")
            .add(oneOf("windows", "gpu", "spot")));
  }

  private void container(ObjectNode container, String name, ObjectNode spec) {
    container.put("name", name);
    container.put(
        "image",
        oneOf(
            "nginx",
            "nginx:1.29",
            "registry.example.com:5000/team/app@sha256:" + "a".repeat(64),
            "alpine:3.22",
            "localhost/dev:latest",
            "Registry.example.com/no image"));
    sometimes(() -> container.put("imagePullPolicy", oneOf("Always", "IfNotPresent", "Never")));
    sometimes(() -> {
      var env = container.putArray("env");
      sometimes(() -> env.addObject().put("name", "TZ").put("value", "Europe/Berlin"));
      sometimes(() -> env.addObject().put("name", "LANG").put("value", "C.UTF-8"));
      rarely(() ->
          env.addObject()
              .put("name", "DB_PASSWORD")
              .put("value", oneOf("hunter2", "$(OTHER)", "")));
      rarely(() ->
          env.addObject()
              .put("name", "TOKEN")
              .putObject("valueFrom")
              .putObject("secretKeyRef")
              .put("name", "web")
              .put("key", "token"));
      rarely(() -> env.addObject().put("name", "LOG_LEVEL").put("value", oneOf("info", "debug")));
      rarely(() ->
          env.addObject()
              .put("name", oneOf("LOG_LEVEL", "LANG", "TZ"))
              .put("value", oneOf("info", "$(LANG)", "$(LANG):en", "$$(LANG)")));
    });
    rarely(() ->
        container
            .putArray("envFrom")
            .addObject()
            .put("prefix", "LOG_")
            .putObject("configMapRef")
            .put("name", "logging")
            .put("optional", random.nextBoolean()));
    sometimes(() -> resources(container.putObject("resources")));
    often(() -> securityContext(container.putObject("securityContext")));
    var volumes = spec.path("volumes");
    if (volumes.isArray() && random.nextBoolean()) {
      var mounts = container.putArray("volumeMounts");
      int position = 0;
      for (JsonNode volume : volumes) {
        var volumeName = volume.path("name").asText();
        if (volumeName.startsWith("kube-api-access-")) {
          mounts
              .addObject()
              .put("name", volumeName)
              .put("readOnly", true)
              .put("mountPath", "/var/run/secrets/kubernetes.io/serviceaccount");
        } else if (volumeName.equals("block")) {
          container
              .putArray("volumeDevices")
              .addObject()
              .put("name", volumeName)
              .put("devicePath", oneOf("/tmp", "/dev/xvda"));
        } else if (random.nextBoolean()) {
          var path =
              List.of(
                      oneOf("/tmp", "//tmp", "/tmp/."),
                      "/data",
                      "/var/log",
                      "/proc/meminfo",
                      "/etc/localtime",
                      "/scratch")
                  .get(position);
          mounts.addObject().put("name", volumeName).put("mountPath", path);
        }
        position = Math.min(position + 1, 5);
      }
    }
    rarely(() ->
        container.putArray("ports").addObject().put("containerPort", 8080).put("protocol", "TCP"));
    if (name.startsWith("c")) {
      rarely(() -> lifecycle(container.putObject("lifecycle")));
      rarely(() -> container.putObject("readinessProbe").putObject("tcpSocket").put("port", 8080));
    }
    rarely(() -> container.putObject("fieldOfTheFuture").put("kept", 1));
  }

  private void lifecycle(ObjectNode lifecycle) {
    sometimes(
        () -> lifecycle.putObject("postStart").putObject("exec").putArray("command").add("true"));
    sometimes(() -> lifecycle.putObject("preStop").putObject("sleep").put("seconds", 5));
  }

  private void resources(ObjectNode resources) {
    sometimes(() -> {
      var requests = resources.putObject("requests");
      sometimes(() -> requests.put("cpu", "50m"));
      sometimes(() -> requests.put("memory", oneOf("64Mi", "1Gi")));
      rarely(() -> requests.put("ephemeral-storage", "20Gi"));
    });
    sometimes(() -> {
      var limits = resources.putObject("limits");
      sometimes(() -> limits.put("cpu", oneOf("50m", "2")));
      sometimes(() -> limits.put("memory", oneOf("1Gi", "4Gi")));
      rarely(() -> limits.put("ephemeral-storage", oneOf("20Gi", "40Gi")));
    });
  }

  private void securityContext(ObjectNode context) {
    rarely(() -> context.put("privileged", random.nextBoolean()));
    rarely(() -> context.put("allowPrivilegeEscalation", random.nextBoolean()));
    rarely(() -> context.put("readOnlyRootFilesystem", random.nextBoolean()));
    rarely(() -> context.put("runAsNonRoot", random.nextBoolean()));
    rarely(() -> context.put("runAsUser", oneOf(0, 1000, 10001)));
    rarely(() -> context.put("runAsGroup", oneOf(0, 3000)));
    rarely(() -> context.put("procMount", oneOf("Default", "Unmasked")));
    rarely(() -> seccompProfile(context.putObject("seccompProfile")));
    sometimes(() -> {
      var capabilities = context.putObject("capabilities");
      rarely(() -> capabilities.putArray("drop").add(oneOf("ALL", "NET_RAW")));
      rarely(() ->
          capabilities
              .putArray("add")
              .add(oneOf("NET_BIND_SERVICE", "SYS_ADMIN", "CAP_SYS_ADMIN", "CHOWN")));
    });
    rarely(() -> context.putObject("windowsOptions").put("runAsUserName", "ContainerUser"));
  }

  private void rarely(Runnable action) {
    with(0.15, action);
  }

  private void sometimes(Runnable action) {
    with(0.5, action);
  }

  private void often(Runnable action) {
    with(0.8, action);
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
}
