package dev.gambeson.adopt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.adopt.Workplace.Presence;
import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.review.KubernetesObject;
import dev.gambeson.review.Manifests;
import dev.gambeson.verdict.Configuration;
import java.time.Instant;
import java.util.List;

/** Makes plans of manifests. */
final class Plans {
  static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
  private static final List<String> PROFILES = List.of("strict", "standard", "observe");

  static final String WEB =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec:
        template:
          metadata: {labels: {app: web}}
          spec:
            containers:
            - name: web
              image: nginx:1.29
              resources: {limits: {memory: 64Mi}}
      ---
      """;

  static final String NETWORK =
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: cni, namespace: network}
      spec:
        template:
          metadata: {labels: {app: cni}}
          spec:
            hostNetwork: true
            containers:
            - name: cni
              image: registry.example.com/cni:1.0
              securityContext: {privileged: true}
              volumeMounts: [{name: bin, mountPath: /host/bin}]
            volumes:
            - {name: bin, hostPath: {path: /opt/cni/bin}}
      ---
      """;

  static Plan plan(String manifests, String configuration) throws ConfigurationException {
    var all = new Manifests();
    all.add("test.yaml", manifests);
    assertThat(all.problems()).isEmpty();
    return plan(all.objects().toList(), configuration);
  }

  static Plan plan(List<KubernetesObject> objects, String configuration)
      throws ConfigurationException {
    return new Adoption(new Adoption.Terms(loaded(configuration), PROFILES, "default", NOW))
        .plan(objects);
  }

  static Configuration loaded(String configuration) throws ConfigurationException {
    return configuration.isEmpty()
        ? ConfigurationLoader.builtIn()
        : ConfigurationLoader.load(configuration, "config.yaml");
  }

  static String text(Plan plan) {
    return PlanText.of(
        plan,
        new Workplace("plan", null, "gambeson", "gambeson-system", false, Presence.UNKNOWN),
        100);
  }

  static NamespacePlan only(Plan plan) {
    assertThat(plan.namespaces()).hasSize(1);
    return plan.namespaces().getFirst();
  }

  static String filledIn(String configuration) {
    return configuration
        .replaceAll("reason: ''.*", "reason: it must")
        .replaceAll("approvedBy: ''.*", "approvedBy: security@example.com");
  }

  private Plans() {}
}
