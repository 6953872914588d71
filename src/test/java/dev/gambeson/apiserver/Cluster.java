package dev.gambeson.apiserver;

import static org.awaitility.Awaitility.await;

import dev.gambeson.admission.AppliedAnnotation;
import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.config.LiveConfiguration;
import dev.gambeson.metrics.GambesonMetrics;
import dev.gambeson.server.GambesonServer;
import dev.gambeson.server.Limits;
import dev.gambeson.server.StartupException;
import dev.gambeson.tls.CertificateAuthority;
import dev.gambeson.tls.ServingCertificate;
import dev.gambeson.tls.ServingCertificates;
import dev.gambeson.verdict.Configuration;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A real Kubernetes without nodes in which Gambeson is installed. */
final class Cluster implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Which requests for a namespace's pods come to Gambeson, and how. */
  enum Registered {
    BY_URL,
    /** By a Service, at its ClusterIP. */
    BY_SERVICE,
    /** By URL, and to the mutating webhook only. */
    TO_MUTATE,
    /** By URL, and to the validating webhook only. */
    TO_VALIDATE,
    NOT;

    private String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final AtomicInteger namespaces = new AtomicInteger();
  private final Binaries binaries;
  private final CertificateAuthority authority =
      new CertificateAuthority(Duration.ofDays(1), Clock.systemUTC());
  private final Configuration installed;
  private final GambesonServer gambeson;
  private static final Instant STARTED = Instant.EPOCH;

  private volatile Configuration configuration;
  private final ApiServer apiServer;
  private final PodApi pods;

  /**
   * Starts one.
   *
   * @param folder for its data and logs
   * @param flags of kube-apiserver, beside its usual ones
   */
  Cluster(Binaries binaries, Path folder, List<String> flags)
      throws IOException, InterruptedException, StartupException, ConfigurationException {
    this.binaries = binaries;
    installed = ConfigurationLoader.load(TestProfiles.CONFIGURATION, "the tests' profiles");
    configuration = installed;
    gambeson =
        GambesonServer.start(
            new GambesonServer.Options(
                "0.0.0.0",
                0,
                0,
                ServingCertificates.of(certificate("localhost", "gambeson.default.svc")),
                null,
                () -> LiveConfiguration.State.of(configuration, STARTED),
                List::of,
                Limits.DEFAULTS,
                Clock.systemUTC(),
                new GambesonMetrics("test")));
    try {
      apiServer = new ApiServer(binaries, folder, flags);
    } catch (IOException | RuntimeException e) {
      gambeson.close();
      throw e;
    }
    pods = new PodApi(apiServer.client().getConfiguration());
    try {
      register();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void register() {
    int port = gambeson.httpsPort();
    var byUrl =
        new Webhooks(
            "zz-gambeson",
            TestProfiles.NAMES,
            path -> "url: 'https://localhost:%d%s'".formatted(port, path),
            authorities());
    var byService =
        new Webhooks(
            "zz-gambeson-by-service",
            TestProfiles.NAMES,
            path ->
                "service: {name: gambeson, namespace: default, path: %s, port: %d}"
                    .formatted(path, port),
            authorities());
    create(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: gambeson, namespace: default}
        spec:
          ports: [{port: %d}]
        """
            .formatted(port));
    create(byUrl.mutating(Registered.BY_URL.label(), Registered.TO_MUTATE.label()));
    create(byUrl.validating(Registered.BY_URL.label(), Registered.TO_VALIDATE.label()));
    create(byService.mutating(Registered.BY_SERVICE.label()));
    create(byService.validating(Registered.BY_SERVICE.label()));
    for (var registered : List.of(Registered.BY_URL, Registered.BY_SERVICE)) {
      var namespace = namespace("strict", registered);
      await("the webhooks to be called " + registered)
          .atMost(PATIENCE)
          .until(() -> hardens(namespace) && refuses(namespace));
    }
  }

  boolean hardens(String namespace) throws IOException, InterruptedException {
    var annotations =
        pods.dryRun(namespace, Pods.plain("probe")).body().at("/metadata/annotations");
    return annotations.has(AppliedAnnotation.NAME);
  }

  private boolean refuses(String namespace) throws IOException, InterruptedException {
    var pod = Pods.plain("probe");
    pod.withObject("/spec").put("hostPID", true);
    return !pods.dryRun(namespace, pod).accepted();
  }

  /** Creates a namespace, and returns its name once pods can be created in it. */
  String namespace(String profile, Registered registered) {
    return namespace(registered, Map.of(Webhooks.PROFILE, profile));
  }

  /** Creates a namespace with labels, and returns its name once pods can be created in it. */
  String namespace(Registered registered, Map<String, String> labels) {
    var name = "test-" + namespaces.incrementAndGet();
    client()
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels(Webhooks.REGISTERED, registered.label())
                .addToLabels(labels)
                .endMetadata()
                .build())
        .create();
    createServiceAccount(name, "default");
    return name;
  }

  /** Lets requests for a namespace's pods come to Gambeson that did not; it must refuse some. */
  void register(String namespace, Registered registered) {
    client()
        .namespaces()
        .withName(namespace)
        .edit(other ->
            new NamespaceBuilder(other)
                .editMetadata()
                .addToLabels(Webhooks.REGISTERED, registered.label())
                .endMetadata()
                .build());
    await("the webhooks to be called for " + namespace)
        .atMost(PATIENCE)
        .until(() -> refuses(namespace));
  }

  /** Creates one, unless the controller manager already has. */
  void createServiceAccount(String namespace, String name) {
    client()
        .resource(
            new ServiceAccountBuilder().withNewMetadata().withName(name).endMetadata().build())
        .inNamespace(namespace)
        .serverSideApply();
  }

  /** Creates an object from YAML. */
  void create(String yaml) {
    client().resource(yaml).create();
  }

  KubernetesClient client() {
    return apiServer.client();
  }

  PodApi pods() {
    return pods;
  }

  Kubectl kubectl() {
    return new Kubectl(binaries.command("kubectl"), apiServer.kubeconfig());
  }

  ApiServer apiServer() {
    return apiServer;
  }

  /** The configuration that Gambeson is installed with. */
  Configuration configuration() {
    return installed;
  }

  /** Gives Gambeson another configuration. */
  void configure(Configuration other) {
    configuration = other;
  }

  /** A certificate for a webhook server that the API server is to trust. */
  ServingCertificate certificate(String... names) {
    return authority.issue(List.of(names), Duration.ofDays(1));
  }

  /** Whom the API server has to trust for that, in PEM. */
  String authorities() {
    return certificate("localhost").authoritiesPem();
  }

  @Override
  public void close() {
    pods.close();
    apiServer.close();
    gambeson.close();
  }
}
