package dev.gambeson.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.charts.Chart;
import dev.gambeson.cluster.Release;
import dev.gambeson.cluster.ReleaseController;
import dev.gambeson.config.LiveConfiguration;
import dev.gambeson.metrics.GambesonMetrics;
import dev.gambeson.server.GambesonServer;
import dev.gambeson.server.Limits;
import dev.gambeson.server.StartupException;
import dev.gambeson.tls.Rotation;
import dev.gambeson.tls.ServingCertificate;
import dev.gambeson.yaml.YamlException;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A release of Gambeson as the chart installs it: some replicas behind one address, each acting in
 * the cluster with the rights of the release's service account and no others. Its webhooks are
 * called for the namespaces with the label {@value #RELEASE}.
 */
final class Installation implements AutoCloseable {
  static final String RELEASE = "test.gambeson.dev/release";

  private static final String NAME = "gambeson";
  private static final Set<String> WEBHOOKS =
      Set.of("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration");
  private static final Set<String> BINDINGS = Set.of("RoleBinding", "ClusterRoleBinding");
  private static final Set<String> OTHERS =
      Set.of("ServiceAccount", "Role", "ClusterRole", "ConfigMap", "Secret");
  private static final Limits LIMITS =
      new Limits(
          Limits.DEFAULTS.small(),
          Limits.DEFAULTS.large(),
          Limits.DEFAULTS.stall(),
          Limits.DEFAULTS.request(),
          Limits.DEFAULTS.connections(),
          Limits.DEFAULTS.idle(),
          Duration.ofSeconds(2),
          Limits.DEFAULTS.propagation());

  private final Cluster cluster;
  private final String namespace;
  private final String webhooks;
  private final List<JsonNode> rendered;
  private final Rotation.Times times;
  private final List<Replica> replicas = new CopyOnWriteArrayList<>();
  private volatile Duration ahead = Duration.ZERO;
  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setFileSystemOptions(GambesonServer.NO_FILE_CACHE));
  private final NetClient client;
  private final NetServer balancer;

  /** One process of the Deployment. */
  static final class Replica implements AutoCloseable {
    private final KubernetesClient client;
    private final ReleaseController controller;
    private final GambesonServer server;
    private final Set<ServingCertificate> served = new HashSet<>();

    private Replica(Config config, Release release, Rotation.Times times, InstantSource clock)
        throws StartupException {
      client = ReleaseController.client(config);
      var metrics = new GambesonMetrics("test");
      controller = new ReleaseController(client, release, times, clock, metrics);
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
                  clock,
                  metrics));
      certificates.onChange(served::add);
    }

    ReleaseController controller() {
      return controller;
    }

    ServingCertificate certificate() {
      return controller.certificates().orElseThrow().state().certificate();
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
   * @param values of the chart, in YAML
   */
  Installation(Cluster cluster, String values, int replicas, Rotation.Times times)
      throws StartupException, IOException, YamlException {
    this.cluster = cluster;
    this.times = times;
    namespace = cluster.namespace(Cluster.Registered.NOT, Map.of());
    webhooks = "zz-gambeson." + namespace;
    rendered =
        Chart.objects(Chart.render(namespace, values)).stream()
            .filter(object -> !object.at("/metadata/annotations").has("helm.sh/hook"))
            .toList();
    var next = new AtomicInteger();
    // Vert.x closes a client, and its connections, once nobody refers to it.
    client = vertx.createNetClient();
    balancer =
        vertx
            .createNetServer()
            .connectHandler(socket -> {
              socket.pause();
              var all = this.replicas;
              if (all.isEmpty()) {
                socket.close();
                return;
              }
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
    create(OTHERS);
    create(BINDINGS);
    create(WEBHOOKS);
    for (int i = 0; i < replicas; i++) {
      add();
    }
  }

  String namespace() {
    return namespace;
  }

  /** The name of both webhook configurations. */
  String webhooks() {
    return webhooks;
  }

  /** A namespace whose pods come to the release. */
  String registered() {
    return registered(Map.of());
  }

  /** A namespace with labels whose pods come to the release. */
  String registered(Map<String, String> labels) {
    var all = new HashMap<>(labels);
    all.put(RELEASE, namespace);
    return cluster.namespace(Cluster.Registered.NOT, all);
  }

  List<Replica> replicas() {
    return replicas;
  }

  /** What each replica has in force. */
  Stream<LiveConfiguration.State> configurations() {
    return replicas.stream().map(replica -> replica.controller().configuration());
  }

  boolean isReady() {
    return replicas.stream().allMatch(Replica::isReady);
  }

  /** Lets the clocks of the replicas jump: by how much they are ahead from now on. */
  void setClocks(Duration ahead) {
    this.ahead = ahead;
  }

  /** Stops every replica. */
  void scaleToZero() {
    var all = List.copyOf(replicas);
    replicas.clear();
    all.forEach(Replica::close);
  }

  /** Says what happens to pods that no replica answers for. */
  void setFailurePolicy(String policy) {
    var api = cluster.client().admissionRegistration().v1();
    api.mutatingWebhookConfigurations()
        .withName(webhooks)
        .edit(configuration -> {
          configuration.getWebhooks().forEach(entry -> entry.setFailurePolicy(policy));
          return configuration;
        });
    api.validatingWebhookConfigurations()
        .withName(webhooks)
        .edit(configuration -> {
          configuration.getWebhooks().forEach(entry -> entry.setFailurePolicy(policy));
          return configuration;
        });
  }

  Secret secret() {
    return cluster.client().secrets().inNamespace(namespace).withName(NAME).get();
  }

  /** What the API server trusts for the pods: the {@code caBundle} of both configurations. */
  List<String> bundles() {
    var api = cluster.client().admissionRegistration().v1();
    return List.of(
        String.valueOf(
            api.mutatingWebhookConfigurations()
                .withName(webhooks)
                .get()
                .getWebhooks()
                .getFirst()
                .getClientConfig()
                .getCaBundle()),
        String.valueOf(
            api.validatingWebhookConfigurations()
                .withName(webhooks)
                .get()
                .getWebhooks()
                .getFirst()
                .getClientConfig()
                .getCaBundle()));
  }

  /** Edits the ConfigMap. */
  void configure(String text) {
    cluster
        .client()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName(NAME)
                .withNamespace(namespace)
                .endMetadata()
                .withData(
                    Map.of(
                        LiveConfiguration.KEY,
                        "apiVersion: gambeson.dev/v1alpha1\nkind: GambesonConfig\n" + text))
                .build())
        .update();
  }

  /** Starts one more. */
  Replica add() throws StartupException {
    var config =
        new ConfigBuilder(cluster.client().getConfiguration())
            .withImpersonateUsername("system:serviceaccount:" + namespace + ":" + NAME)
            .build();
    var release =
        new Release(namespace, NAME, NAME, new Release.Trust(webhooks, List.of("localhost")));
    var replica = new Replica(config, release, times, () -> Instant.now().plus(ahead));
    replicas.add(replica);
    return replica;
  }

  /** Withdraws the service account's rights in the namespace and in the cluster. */
  void revoke() {
    var rbac = cluster.client().rbac();
    rbac.roleBindings().inNamespace(namespace).withName(NAME).delete();
    rbac.clusterRoleBindings().withName(NAME + "." + namespace).delete();
  }

  /** Gives them back. */
  void grant() {
    create(BINDINGS);
  }

  private void create(Set<String> kinds) {
    for (var object : rendered) {
      if (kinds.contains(object.path("kind").asText())) {
        object.path("webhooks").forEach(entry -> adapt((ObjectNode) entry));
        cluster.create(object.toString());
      }
    }
  }

  /**
   * Lets an entry call the replicas here, for the pods of some namespaces only, and refuse them
   * where they do not answer, so that it shows.
   */
  private void adapt(ObjectNode entry) {
    var config = entry.withObject("/clientConfig");
    var path = config.at("/service/path").asText();
    config.removeAll();
    config.put("url", "https://localhost:" + balancer.actualPort() + path);
    if (!path.equals("/configuration")) {
      entry.put("failurePolicy", "Fail");
      entry
          .withArray("/namespaceSelector/matchExpressions")
          .addObject()
          .put("key", RELEASE)
          .put("operator", "In")
          .putArray("values")
          .add(namespace);
    }
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
    scaleToZero();
    vertx.close().await();
  }
}
