package dev.gambeson.apiserver;

import dev.gambeson.cluster.Release;
import dev.gambeson.cluster.ReleaseController;
import dev.gambeson.metrics.GambesonMetrics;
import dev.gambeson.server.GambesonServer;
import dev.gambeson.server.Limits;
import dev.gambeson.server.StartupException;
import dev.gambeson.tls.Rotation;
import dev.gambeson.tls.ServingCertificate;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A release of Gambeson as the chart installs it: some replicas behind one address, each acting in
 * the cluster with the rights of the release's service account and no others.
 */
final class Installation implements AutoCloseable {
  private static final String NAME = "gambeson";
  private static final Limits LIMITS =
      new Limits(
          Limits.DEFAULTS.body(),
          Limits.DEFAULTS.bodies(),
          Limits.DEFAULTS.request(),
          Limits.DEFAULTS.idle(),
          Duration.ofSeconds(2),
          Duration.ofSeconds(1));

  private final Cluster cluster;
  private final String namespace;
  private final String webhooks;
  private final Rotation.Times times;
  private final List<Replica> replicas = new CopyOnWriteArrayList<>();
  private final Vertx vertx = Vertx.vertx();
  private final NetClient client;
  private final NetServer balancer;

  /** One process of the Deployment. */
  static final class Replica implements AutoCloseable {
    private final KubernetesClient client;
    private final ReleaseController controller;
    private final GambesonServer server;
    private final Set<ServingCertificate> served = new HashSet<>();

    private Replica(Config config, Release release, Rotation.Times times) throws StartupException {
      client = new KubernetesClientBuilder().withConfig(config).build();
      var metrics = new GambesonMetrics("test");
      controller = new ReleaseController(client, release, times, InstantSource.system(), metrics);
      var certificates = controller.certificates().orElseThrow();
      server =
          GambesonServer.start(
              new GambesonServer.Options(
                  "127.0.0.1",
                  0,
                  0,
                  certificates,
                  null,
                  controller::configuration,
                  controller::problems,
                  LIMITS,
                  InstantSource.system(),
                  metrics));
      certificates.onChange(served::add);
    }

    ReleaseController controller() {
      return controller;
    }

    /** The certificates that took the place of another. */
    Set<ServingCertificate> served() {
      return served;
    }

    boolean isReady() {
      return readyz().endsWith("\nready\n");
    }

    /** What {@code /readyz?verbose} says. */
    String readyz() {
      return get("/readyz?verbose");
    }

    String metrics() {
      return get("/metrics");
    }

    private String get(String path) {
      var uri = URI.create("http://127.0.0.1:" + server.httpPort() + path);
      try (var http = HttpClient.newHttpClient()) {
        return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
      } catch (IOException e) {
        return "";
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return "";
      }
    }

    @Override
    public void close() {
      server.close();
      controller.close();
      client.close();
    }
  }

  /**
   * Creates what the chart creates, and starts the replicas.
   *
   * @param webhooks the name of both webhook configurations
   */
  Installation(Cluster cluster, String webhooks, int replicas, Rotation.Times times)
      throws StartupException {
    this.cluster = cluster;
    this.webhooks = webhooks;
    this.times = times;
    namespace = cluster.namespace(Cluster.Registered.NOT, Map.of());
    var next = new AtomicInteger();
    // Vert.x closes a client, and its connections, once nobody refers to it.
    client = vertx.createNetClient();
    balancer =
        vertx
            .createNetServer()
            .connectHandler(socket -> {
              socket.pause();
              var all = this.replicas;
              var replica = all.get(Math.floorMod(next.getAndIncrement(), all.size()));
              client
                  .connect(replica.server.httpsPort(), "127.0.0.1")
                  .onSuccess(there -> {
                    socket.pipeTo(there);
                    there.pipeTo(socket);
                  })
                  .onFailure(refused -> socket.close());
            })
            .listen(0, "127.0.0.1")
            .await();
    cluster.client().resourceList(objects()).create();
    for (int i = 0; i < replicas; i++) {
      add();
    }
  }

  String namespace() {
    return namespace;
  }

  List<Replica> replicas() {
    return replicas;
  }

  /** Starts one more. */
  Replica add() throws StartupException {
    var config =
        new ConfigBuilder(cluster.client().getConfiguration())
            .withImpersonateUsername("system:serviceaccount:" + namespace + ":" + NAME)
            .withRequestRetryBackoffLimit(0)
            .build();
    var release =
        new Release(namespace, NAME, NAME, new Release.Trust(webhooks, List.of("localhost")));
    var replica = new Replica(config, release, times);
    replicas.add(replica);
    return replica;
  }

  /** Withdraws the service account's rights in the namespace and in the cluster. */
  void revoke() {
    var rbac = cluster.client().rbac();
    rbac.roleBindings().inNamespace(namespace).withName(NAME).delete();
    rbac.clusterRoleBindings().withName(webhooks).delete();
  }

  /** Gives them back. */
  void grant() {
    cluster.client().resourceList(bindings()).create();
  }

  private String bindings() {
    return """
    apiVersion: rbac.authorization.k8s.io/v1
    kind: RoleBinding
    metadata: {name: gambeson, namespace: %1$s}
    roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: gambeson}
    subjects: [{kind: ServiceAccount, name: gambeson, namespace: %1$s}]
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRoleBinding
    metadata: {name: %2$s}
    roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: %2$s}
    subjects: [{kind: ServiceAccount, name: gambeson, namespace: %1$s}]
    """
        .formatted(namespace, webhooks);
  }

  private String objects() {
    return """
    apiVersion: v1
    kind: ServiceAccount
    metadata: {name: gambeson, namespace: %1$s}
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata: {name: gambeson, namespace: %1$s}
    rules:
    - {apiGroups: [""], resources: [secrets], resourceNames: [gambeson], verbs: [get, list, watch, create, update, patch]}
    - {apiGroups: [""], resources: [configmaps], resourceNames: [gambeson], verbs: [get, list, watch]}
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata: {name: %2$s}
    rules:
    - apiGroups: [admissionregistration.k8s.io]
      resources: [mutatingwebhookconfigurations, validatingwebhookconfigurations]
      resourceNames: [%2$s]
      verbs: [get, list, watch, patch]
    ---
    %3$s---
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: gambeson, namespace: %1$s}
    data:
      gambeson.yaml: |
        apiVersion: gambeson.dev/v1alpha1
        kind: GambesonConfig
    ---
    apiVersion: admissionregistration.k8s.io/v1
    kind: MutatingWebhookConfiguration
    metadata: {name: %2$s}
    webhooks:
    - %4$s
      clientConfig: {url: 'https://localhost:%5$d/mutate'}
    ---
    apiVersion: admissionregistration.k8s.io/v1
    kind: ValidatingWebhookConfiguration
    metadata: {name: %2$s}
    webhooks:
    - %4$s
      clientConfig: {url: 'https://localhost:%5$d/validate'}
    - name: configuration.gambeson.dev
      clientConfig: {url: 'https://localhost:%5$d/configuration'}
      namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %1$s}}
      matchConditions: [{name: by-name, expression: request.name == 'gambeson'}]
      rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [configmaps]}]
      admissionReviewVersions: [v1]
      sideEffects: None
      failurePolicy: Ignore
      timeoutSeconds: 3
    """
        .formatted(namespace, webhooks, bindings(), entry(), balancer.actualPort());
  }

  private String entry() {
    return """
    name: %s.gambeson.dev
      namespaceSelector: {matchLabels: {test.gambeson.dev/release: %s}}
      rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]
      admissionReviewVersions: [v1]
      sideEffects: None
      failurePolicy: Fail
      timeoutSeconds: 3\
    """
        .formatted(webhooks, webhooks);
  }

  @Override
  public void close() {
    cluster
        .client()
        .admissionRegistration()
        .v1()
        .mutatingWebhookConfigurations()
        .withName(webhooks)
        .delete();
    cluster
        .client()
        .admissionRegistration()
        .v1()
        .validatingWebhookConfigurations()
        .withName(webhooks)
        .delete();
    replicas.forEach(Replica::close);
    vertx.close().await();
  }
}
