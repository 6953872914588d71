package dev.gambeson.bench;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.KubernetesListBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Workloads of a shop, written as their teams would: services, databases and jobs with
 * configuration, probes, sidecars and volumes, each with something left out. {@code bench/record}
 * creates them in an API server.
 */
final class Workloads {
  private static final List<String> TEAMS =
      List.of("catalogue", "checkout", "delivery", "payments", "search", "stock", "support");
  private static final List<String> PARTS =
      List.of("api", "web", "worker", "database", "cache", "gateway", "import", "report", "mail");
  private static final List<String> SETTINGS =
      List.of(
          "LOG_LEVEL",
          "LOG_FORMAT",
          "HTTP_PORT",
          "METRICS_PORT",
          "DATABASE_HOST",
          "DATABASE_NAME",
          "DATABASE_POOL_SIZE",
          "CACHE_URL",
          "QUEUE_URL",
          "QUEUE_PREFETCH",
          "FEATURES",
          "DEFAULT_LOCALE",
          "DEFAULT_CURRENCY",
          "OTEL_EXPORTER_OTLP_ENDPOINT",
          "OTEL_SERVICE_NAME",
          "JAVA_TOOL_OPTIONS",
          "REQUEST_TIMEOUT",
          "RETRY_LIMIT",
          "UPLOAD_LIMIT",
          "PAGE_SIZE",
          "SHOP_URL",
          "ALLOWED_ORIGINS",
          "SMTP_HOST",
          "SEARCH_INDEX",
          "REGION",
          "CURRENCY_SERVICE");

  private Workloads() {}

  public static void main(String[] arguments) throws IOException {
    var list = new KubernetesListBuilder();
    for (int i = 0; i < TEAMS.size() * PARTS.size(); i++) {
      list.addToItems(workload(i));
    }
    System.out.println(
        JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build()
            .writeValueAsString(list.build()));
  }

  private static HasMetadata workload(int i) {
    var part = PARTS.get(i % PARTS.size());
    var name = TEAMS.get(i / PARTS.size()) + "-" + part;
    var labels = Map.of("app.kubernetes.io/name", name, "team", TEAMS.get(i / PARTS.size()));
    var template = template(i, name, part, labels);
    return switch (part) {
      case "database", "cache" ->
          new StatefulSetBuilder()
              .withNewMetadata()
              .withName(name)
              .endMetadata()
              .withNewSpec()
              .withServiceName(name)
              .withPodManagementPolicy("Parallel")
              .withNewSelector()
              .withMatchLabels(labels)
              .endSelector()
              .withTemplate(template)
              .endSpec()
              .build();
      case "import", "report" ->
          new JobBuilder()
              .withNewMetadata()
              .withName(name)
              .endMetadata()
              .withNewSpec()
              .withBackoffLimit(2)
              .withTemplate(template)
              .endSpec()
              .build();
      default ->
          new DeploymentBuilder()
              .withNewMetadata()
              .withName(name)
              .endMetadata()
              .withNewSpec()
              .withNewSelector()
              .withMatchLabels(labels)
              .endSelector()
              .withTemplate(template)
              .endSpec()
              .build();
    };
  }

  private static PodTemplateSpec template(
      int i, String name, String part, Map<String, String> labels) {
    var template =
        new PodTemplateSpecBuilder()
            .withNewMetadata()
            .withLabels(labels)
            .addToLabels("app.kubernetes.io/version", "1." + i)
            .addToAnnotations("prometheus.io/scrape", "true")
            .addToAnnotations("checksum/config", "%064x".formatted(0x9e3779b97f4a7c15L * (i + 1)))
            .endMetadata()
            .withNewSpec()
            .withServiceAccountName("default")
            .addToContainers(main(i, name, part))
            .addNewVolume()
            .withName("config")
            .withNewConfigMap()
            .withName(name + "-config")
            .endConfigMap()
            .endVolume()
            .endSpec();
    if (part.equals("import") || part.equals("report")) {
      template.editSpec().withRestartPolicy("Never").endSpec();
    }
    if (i % 2 == 0) {
      template
          .editSpec()
          .addNewVolume()
          .withName("cache")
          .withNewEmptyDir()
          .endEmptyDir()
          .endVolume()
          .endSpec();
    }
    if (i % 3 == 0) {
      template.editSpec().addToContainers(sidecar(i, "telemetry", "otel-collector")).endSpec();
    }
    if (i % 4 == 1) {
      template.editSpec().addToContainers(sidecar(i + 100, "proxy", "envoy")).endSpec();
    }
    if (i % 5 == 2) {
      template
          .editSpec()
          .addToInitContainers(
              new ContainerBuilder()
                  .withName("migrate")
                  .withImage(image(name, i))
                  .withCommand("/app/migrate", "--to", "latest")
                  .withEnvFrom(main(i, name, part).getEnvFrom())
                  .build())
          .endSpec();
    }
    if (i % 7 < 3) {
      template
          .editSpec()
          .withNewSecurityContext()
          .withRunAsNonRoot(true)
          .withRunAsUser(10_000L + i)
          .withFsGroup(10_000L)
          .endSecurityContext()
          .endSpec();
    }
    return template.build();
  }

  private static Container main(int i, String name, String part) {
    var container =
        new ContainerBuilder()
            .withName(part)
            .withImage(image(name, i))
            .addNewPort()
            .withName("http")
            .withContainerPort(8080)
            .endPort()
            .addNewVolumeMount()
            .withName("config")
            .withMountPath("/etc/" + part)
            .withReadOnly(true)
            .endVolumeMount()
            .addNewEnvFrom()
            .withNewConfigMapRef()
            .withName(name + "-settings")
            .endConfigMapRef()
            .endEnvFrom()
            .addNewEnv()
            .withName("POD_NAME")
            .withNewValueFrom()
            .withNewFieldRef()
            .withFieldPath("metadata.name")
            .endFieldRef()
            .endValueFrom()
            .endEnv()
            .addNewEnv()
            .withName("DATABASE_PASSWORD")
            .withNewValueFrom()
            .withNewSecretKeyRef("password", name + "-database", false)
            .endValueFrom()
            .endEnv();
    int settings = i % 8 == 6 ? 2 * SETTINGS.size() : i % SETTINGS.size();
    for (int j = 0; j < settings; j++) {
      var setting = SETTINGS.get(j % SETTINGS.size());
      container
          .addNewEnv()
          .withName(j < SETTINGS.size() ? setting : "FALLBACK_" + setting)
          .withValue(value(name, i + j))
          .endEnv();
    }
    if (i % 2 == 0) {
      container
          .addNewVolumeMount()
          .withName("cache")
          .withMountPath("/var/cache/" + part)
          .endVolumeMount();
    }
    if (i % 3 != 1) {
      container
          .withNewReadinessProbe()
          .withPeriodSeconds(5)
          .withNewHttpGet()
          .withPath("/ready")
          .withPort(new IntOrString("http"))
          .endHttpGet()
          .endReadinessProbe()
          .withNewLivenessProbe()
          .withInitialDelaySeconds(20)
          .withNewHttpGet()
          .withPath("/live")
          .withPort(new IntOrString("http"))
          .endHttpGet()
          .endLivenessProbe();
    }
    if (i % 4 != 3) {
      container
          .withNewResources()
          .addToRequests("cpu", new Quantity(50 + 10 * i + "m"))
          .addToRequests("memory", new Quantity(128 + 4 * i + "Mi"))
          .endResources();
    }
    if (i % 6 == 5) {
      container
          .withNewSecurityContext()
          .withAllowPrivilegeEscalation(false)
          .withNewCapabilities()
          .addToDrop("ALL")
          .endCapabilities()
          .endSecurityContext();
    }
    return container.build();
  }

  private static Container sidecar(int i, String name, String image) {
    return new ContainerBuilder()
        .withName(name)
        .withImage("registry.example.com/platform/%s:2.%d".formatted(image, i % 9))
        .withArgs("--config", "/etc/" + name + "/config.yaml", "--log-level", "warn")
        .addNewPort()
        .withContainerPort(15_000 + i)
        .endPort()
        .addNewVolumeMount()
        .withName("config")
        .withMountPath("/etc/" + name)
        .endVolumeMount()
        .withNewReadinessProbe()
        .withNewTcpSocket()
        .withPort(new IntOrString(15_000 + i))
        .endTcpSocket()
        .endReadinessProbe()
        .build();
  }

  private static String value(String name, int i) {
    return switch (i % 4) {
      case 0 -> "https://%s.example.com/v%d?locale=de&currency=EUR".formatted(name, i);
      case 1 -> String.valueOf(17 * i);
      case 2 -> "%s-%d.shop.svc.cluster.local:5432".formatted(name, i);
      default -> "true";
    };
  }

  private static String image(String name, int i) {
    return "registry.example.com/shop/%s:1.%d.0".formatted(name, i);
  }
}
