package dev.gambeson.metrics;

import dev.gambeson.admission.Decision;
import dev.gambeson.admission.ReviewStats;
import dev.gambeson.admission.Webhook;
import dev.gambeson.rules.Rules;
import dev.gambeson.verdict.Exemption;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Info;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The Prometheus metrics. Label values are constants and names of the configuration and the rules,
 * never values from a request.
 */
public final class GambesonMetrics implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final MultiGauge exemptionExpiries =
      MultiGauge.builder("gambeson.exemption.expiry.timestamp.seconds")
          .description("When the exemption ends, its grace included, in seconds since 1970")
          .register(registry);
  private volatile Supplier<List<Exemption>> exemptions = List::of;
  private final String version;

  // To find a meter in the registry takes many times as long as to count.
  private final Map<List<String>, Timer> timers = new ConcurrentHashMap<>();
  private final Map<Key, Counter> counters = new ConcurrentHashMap<>();

  private record Key(String name, List<String> tags) {}

  /** Why a request has no verdict. */
  public enum BadRequest {
    ROUTE,
    METHOD,
    CONTENT_TYPE,
    TOO_LARGE,
    TOO_SLOW,
    OVERLOAD,
    HUNG_UP,
    MALFORMED,
    BUG
  }

  /** Creates each counter that alerts use at zero, so that they notice the first increase. */
  public GambesonMetrics(String version) {
    this.version = version;
    // Micrometer would remove the suffix "info".
    Info.builder()
        .name("gambeson_build_info")
        .help("Always 1; the label is the version that runs")
        .labelNames("version")
        .register(registry.getPrometheusRegistry())
        .setLabelValues(version);
    for (var reason : BadRequest.values()) {
      badRequests(reason, 0);
    }
    Rules.all().forEach(rule -> fixableDenials(rule.name(), 0));
    unknownProfiles(0);
    refusedSkips(0);
    new ClassLoaderMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    ManagementFactory.getGarbageCollectorMXBeans().forEach(this::showCollections);
  }

  /**
   * Shows how often a garbage collector ran and how long that took, read at each scrape. With the
   * serial collector, each collection is a pause. Micrometer's own metrics listen to each
   * collection, and that takes a hundredth of a busy server's time.
   */
  private void showCollections(GarbageCollectorMXBean collector) {
    FunctionTimer.builder(
            "jvm.gc.pause",
            collector,
            GarbageCollectorMXBean::getCollectionCount,
            GarbageCollectorMXBean::getCollectionTime,
            TimeUnit.MILLISECONDS)
        .description("Collections and the time that they took")
        .tag("gc", collector.getName())
        .register(registry);
  }

  /** The running version of Gambeson. */
  public String version() {
    return version;
  }

  /** Shows whether violations deny anything at all: the configuration's {@code enforcement}. */
  public void showEnforcement(BooleanSupplier enforces) {
    Gauge.builder("gambeson.configuration.enforces", () -> enforces.getAsBoolean() ? 1 : 0)
        .description(
            "1 where violations may deny a pod, 0 where the enforcement is switched to warn")
        .register(registry);
  }

  /** Shows when the configuration in use was read. */
  public void showConfigurationRead(Supplier<Instant> when) {
    Gauge.builder(
            "gambeson.configuration.read.timestamp.seconds", () -> when.get().getEpochSecond())
        .description("When the configuration in use was read, in seconds since 1970")
        .register(registry);
  }

  /** Shows whether the configuration's source is bad, so that an earlier one is in use. */
  public void showStaleConfiguration(BooleanSupplier stale) {
    Gauge.builder("gambeson.configuration.stale", () -> stale.getAsBoolean() ? 1 : 0)
        .description("1 where the configuration file is bad now and the last good one is in use")
        .register(registry);
  }

  /** Shows when each exemption of the configuration in use ends. */
  public void showExemptions(Supplier<List<Exemption>> exemptions) {
    this.exemptions = exemptions;
  }

  /** Shows when the serving certificate expires. */
  public void showCertificateExpiry(Supplier<Instant> expiry) {
    Gauge.builder(
            "gambeson.certificate.expiry.timestamp.seconds", () -> expiry.get().getEpochSecond())
        .description("When the serving certificate expires, in seconds since 1970")
        .register(registry);
  }

  /** Shows when the newest certificate authority expires. */
  public void showAuthorityExpiry(Supplier<Instant> expiry) {
    Gauge.builder("gambeson.ca.expiry.timestamp.seconds", () -> expiry.get().getEpochSecond())
        .description(
            "When the newest certificate authority of the release expires, in seconds since 1970; 0"
                + " before there is one")
        .register(registry);
    certificateRotations(0);
    storeFailures(0);
    publishFailures(0);
  }

  /** Shows how many objects of the release are not watched at present. */
  public void showUnwatched(IntSupplier count) {
    Gauge.builder("gambeson.unwatched.objects", count::getAsInt)
        .description("Objects of the release that cannot be watched now, so that changes wait")
        .register(registry);
  }

  /** Counts a renewal of the serving certificate. */
  public void rotation() {
    certificateRotations(1);
  }

  /** Counts a failed write to the Secret. */
  public void storeFailure() {
    storeFailures(1);
  }

  /** Counts a failed write to a webhook configuration. */
  public void publishFailure() {
    publishFailures(1);
  }

  /** Shows the number of open connections to the webhooks. */
  public void showConnections(IntSupplier count) {
    Gauge.builder("gambeson.connections", count::getAsInt)
        .description("Connections that clients have open to the webhooks")
        .register(registry);
  }

  /**
   * Shows how many bytes of bodies and answers are held.
   *
   * @param share {@code small} or {@code large}
   */
  public void showHeldBytes(String share, LongSupplier bytes) {
    Gauge.builder("gambeson.held.bytes", bytes::getAsLong)
        .description("Bytes of bodies that arrive or wait, and of answers that are being sent")
        .tag("share", share)
        .register(registry);
  }

  /**
   * Counts a review and its result.
   *
   * @param kind of the object; a constant if Gambeson does not judge it
   */
  public void review(Webhook webhook, String kind, Decision decision, Duration duration) {
    var stats = decision.stats();
    timer(
            "webhook",
            lowerCase(webhook),
            "kind",
            kind,
            "profile",
            stats.profile(),
            "verdict",
            verdict(decision))
        .record(duration);
    fixes(webhook, stats);
    violations(kind, stats);
    if (stats.unknownProfile() != null) {
      unknownProfiles(1);
    }
    refusedSkips(stats.refusedSkips().size());
  }

  /** Counts a request without a verdict. */
  public void badRequest(BadRequest reason) {
    badRequests(reason, 1);
  }

  /** All metrics in the Prometheus text format. */
  public String scrape() {
    exemptionExpiries.register(exemptionRows(), true);
    return registry.scrape();
  }

  @Override
  public void close() {
    registry.close();
  }

  private void fixes(Webhook webhook, ReviewStats stats) {
    var name = lowerCase(webhook);
    stats.applied().forEach(rule -> fix(name, rule, "applied"));
    stats.audited().forEach(rule -> fix(name, rule, "would-apply"));
  }

  private void fix(String webhook, String rule, String mode) {
    count(
        "gambeson.fixes",
        "Pods that a rule's fix changed, or would change were it applied",
        1,
        "webhook",
        webhook,
        "rule",
        rule,
        "mode",
        mode);
  }

  private void violations(String kind, ReviewStats stats) {
    for (var finding : stats.findings()) {
      count(
          "gambeson.violations",
          "Places where pods, or the templates of workloads, break a rule",
          1,
          "kind",
          kind,
          "rule",
          finding.violation().rule(),
          "mode",
          lowerCase(finding.mode()));
    }
    for (var rule : stats.exempted()) {
      count(
          "gambeson.exempted.violations",
          "Places where pods break a rule and an exemption lets them",
          1,
          "rule",
          rule);
    }
    stats.fixable().forEach(rule -> fixableDenials(rule, 1));
  }

  private List<MultiGauge.Row<?>> exemptionRows() {
    var all = exemptions.get();
    var rows = new ArrayList<MultiGauge.Row<?>>();
    for (int i = 0; i < all.size(); i++) {
      var exemption = all.get(i);
      var end = exemption.end();
      if (end != null) {
        var tags =
            Tags.of(
                "exemption",
                Integer.toString(i),
                "rules",
                String.join(",", exemption.rules()),
                "namespaces",
                String.join(",", exemption.namespaces()),
                "approved_by",
                exemption.approvedBy());
        rows.add(MultiGauge.Row.of(tags, end.getEpochSecond()));
      }
    }
    return rows;
  }

  private void fixableDenials(String rule, int count) {
    count(
        "gambeson.healable.denials",
        "Denials that the rule's fix would have prevented, had it reached the pod",
        count,
        "rule",
        rule);
  }

  private void unknownProfiles(int count) {
    count(
        "gambeson.unknown.profiles",
        "Reviews that asked for a profile that the configuration does not have",
        count);
  }

  private void refusedSkips(int count) {
    count(
        "gambeson.refused.skips",
        "Fixes that pods asked to skip and that their profile does not let them skip",
        count);
  }

  private void certificateRotations(int count) {
    count("gambeson.certificate.rotations", "Serving certificates that were renewed", count);
  }

  private void storeFailures(int count) {
    count("gambeson.secret.store.failures", "Failed writes to the Secret of the release", count);
  }

  private void publishFailures(int count) {
    count(
        "gambeson.ca.publish.failures",
        "Failed writes of the CA to the webhook configurations",
        count);
  }

  private void badRequests(BadRequest reason, int count) {
    count(
        "gambeson.bad.requests",
        "Requests that never came to a verdict",
        count,
        "reason",
        lowerCase(reason));
  }

  private Timer timer(String... tags) {
    return timers.computeIfAbsent(
        List.of(tags),
        first ->
            Timer.builder("gambeson.review.duration")
                .description(
                    "Reviews and the time that they took, reading and writing them included")
                .tags(tags)
                .serviceLevelObjectives(
                    Duration.ofMillis(1),
                    Duration.ofMillis(5),
                    Duration.ofMillis(20),
                    Duration.ofMillis(100),
                    Duration.ofMillis(500),
                    Duration.ofSeconds(2))
                .register(registry));
  }

  private void count(String name, String description, int amount, String... tags) {
    counters
        .computeIfAbsent(
            new Key(name, List.of(tags)),
            first -> Counter.builder(name).description(description).tags(tags).register(registry))
        .increment(amount);
  }

  private static String verdict(Decision decision) {
    return switch (decision) {
      case Decision.Allowed allowed -> allowed.patch() == null ? "allowed" : "patched";
      case Decision.Denied denied -> "denied";
      case Decision.Failed failed -> "failed";
    };
  }

  private static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
