package dev.gambeson.rules;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gambeson.pod.PodSelector;
import dev.gambeson.pod.PodSelector.Operator;
import dev.gambeson.pod.PodSelector.Requirement;
import dev.gambeson.rule.ContainerChoice;
import dev.gambeson.rule.SpreadLevel;
import dev.gambeson.rule.SpreadLevel.WhenUnsatisfiable;
import dev.gambeson.rules.PodAntiAffinity.Strength;
import dev.gambeson.rules.Timezone.Strategy;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options that would make a rule useless, or every pod invalid, are refused when they are read. */
class RefusedOptionsTest {

  @TestFactory
  Stream<DynamicTest> refused() {
    return Stream.of(
        refused("an offset is no zone", () -> zone("+08:00")),
        refused("nor is one with a name", () -> zone("UTC+8")),
        refused(
            "strategy image needs the option image",
            () -> new Timezone(ZoneId.of("UTC"), Strategy.IMAGE, "", "", false)),
        refused(
            "imagePath must stay in the image",
            () -> new Timezone(ZoneId.of("UTC"), Strategy.IMAGE, "zones", "a/../..", false)),
        refused("limits below requests", () -> resources("2Gi", "1Gi", "requests.memory")),
        refused("required of no list", () -> resources("1Gi", "2Gi", "memory")),
        refused("required of no resource", () -> resources("1Gi", "2Gi", "limits.gpu")),
        refused("requests of nothing", () -> resources("0", "1Gi", "limits.memory")),
        refused("labelKeys of one replica", () -> antiAffinity(100, "pod-template-hash")),
        refused("labelKeys of one Job", () -> antiAffinity(100, "batch.kubernetes.io/job-name")),
        refused("labelKeys of none", () -> antiAffinity(100)),
        refused("weight above 100", () -> antiAffinity(101, "app")),
        refused("a key that is none", () -> antiAffinity(100, "Example.com/app")),
        refused("values to none", () -> new Requirement("app", Operator.IN, List.of())),
        refused("Exists with values", () -> new Requirement("app", Operator.EXISTS, List.of("a"))),
        refused("a value that is none", () -> new PodSelector(Map.of("app", "a b"), List.of())),
        refused("extraFiles outside /proc and /sys", () -> lxcfs("/var/lib/lxcfs", "/etc/passwd")),
        refused("extraFiles that climb", () -> lxcfs("/var/lib/lxcfs", "/proc/../etc/passwd")),
        refused("root that is relative", () -> lxcfs("lxcfs", "/proc/slabinfo")),
        refused(
            "exceptServiceAccounts that keep their token anyway",
            () ->
                new ServiceAccountToken(List.of(), List.of(), List.of(), List.of("web/operator"))),
        refused("root as the user to give", () -> new RunAsUser(0L, null, null, null, null)),
        refused("root as the group to give", () -> new RunAsUser(1L, 0L, null, null, null)),
        refused("uid below its minimum", () -> new RunAsUser(1000L, null, 3000L, null, null)),
        refused("minimumGid of none", () -> new RunAsUser(null, null, null, 0L, null)),
        refused("auditedMinimumGid of none", () -> new RunAsUser(null, null, null, null, 0L)),
        refused("uid beyond the kernel's", () -> new RunAsUser(1L << 31, null, null, null, null)),
        refused("drop with a prefix", () -> new Capabilities(List.of("CAP_NET_RAW"))),
        refused("drop in lower case", () -> new Capabilities(List.of("all"))),
        refused("writable that is relative", () -> writable("tmp")),
        refused("writable root", () -> writable("/")),
        refused("writable that climbs", () -> writable("/tmp/../etc")),
        refused("writable with a last slash", () -> writable("/tmp/")),
        refused("writable that no mount can have", () -> writable("/a:b")),
        refused("allowed of a registry alone", () -> allowed("registry.example.com")),
        refused("allowed of no registry", () -> allowed("nginx")),
        refused("allowed of an implied registry", () -> allowed("team/*")),
        refused("allowed of an implied folder", () -> allowed("docker.io/nginx")),
        refused("allowed with a registry in upper case", () -> allowed("Registry.example.com/*")),
        refused("allowed of any host", () -> allowed("*/app")),
        refused("allowed of many hosts", () -> allowed("*.example.com/app")),
        refused("allowed of hosts that begin so", () -> allowed("registry.example.com*/app")),
        refused("allowed with a tag", () -> allowed("registry.example.com/app:1")),
        refused("allowed with a last slash", () -> allowed("registry.example.com/app/")),
        refused("from an implied registry", () -> mirror("library", "mirror.example.com")),
        refused("from with a last slash", () -> mirror("docker.io/", "mirror.example.com")),
        refused("from with a star", () -> mirror("docker.io/*", "mirror.example.com")),
        refused("to nothing", () -> mirror("docker.io", "")),
        refused("to a URL", () -> mirror("docker.io", "https://mirror.example.com")),
        refused("to where it came from", () -> mirror("docker.io", "docker.io")),
        refused("to below where it came from", () -> mirror("docker.io", "docker.io/mirror")),
        refused("to above where it came from", () -> mirror("docker.io/team", "docker.io")),
        refused(
            "to where another one takes it on",
            () ->
                new ImageRegistry(
                    List.of(),
                    List.of(
                        new ImageRegistry.Mirror("docker.io", "a.example.com/hub"),
                        new ImageRegistry.Mirror("a.example.com", "b.example.com")))),
        refused(
            "mirrors that allowed does not have",
            () -> served("a.example.com/hub/*", "a.example.com/library")),
        refused(
            "mirrors beside those of allowed",
            () -> served("b.example.com/*", "b.example.com.evil.org")),
        refused("classes that allowed does not have", () -> priority("batch", "standard")),
        refused("requests above the maximum", () -> bounded("1Gi", "2Gi", "512Mi", "4")),
        refused("limits above the maximum", () -> bounded("1Gi", "2Gi", "1536Mi", "4")),
        refused("limits above the ratio", () -> bounded("1Gi", "2Gi", "4Gi", "1.5")),
        refused("sockets that are relative", () -> sockets("run/docker.sock")),
        refused("labels with a key that is none", () -> labels("a b", "c")),
        refused("labels with a value that is none", () -> labels("status", "a b")),
        refused("labels of one replica", () -> labels("pod-template-hash", "1")),
        refused(
            "labels that break required",
            () ->
                new RequiredLabels(Map.of("team", "web"), Map.of("team", List.of("shop", "cc-*")))),
        refused("required with a key that is none", () -> required("a b", "c")),
        refused("required of a value that no label has", () -> required("team", "a b*")),
        refused("sizeLimit of nothing", () -> emptyDir("0", "1Gi")),
        refused("sizeLimit above the maximum", () -> emptyDir("2Gi", "1Gi")),
        refused("a delay of no seconds", () -> delay(0)),
        refused("a delay of hours", () -> delay(7200)),
        refused("probes of no kind", () -> new Probes(List.of(), false, ContainerChoice.ALL)),
        refused("spreading over nothing", () -> spread(List.of())),
        refused("the same level twice", () -> spread(List.of(level("zone"), level("zone")))),
        refused("a key for both selectors", () -> spread(List.of(level("zone", "app")))),
        refused("matchLabelKeys that are no keys", () -> level("zone", "a b")),
        refused("a skew of nothing", () -> level("zone", 0, WhenUnsatisfiable.DO_NOT_SCHEDULE, 1)),
        refused("no domain", () -> level("zone", 1, WhenUnsatisfiable.DO_NOT_SCHEDULE, 0)),
        refused(
            "minDomains that the scheduler may ignore",
            () -> level("zone", 1, WhenUnsatisfiable.SCHEDULE_ANYWAY, 2)));
  }

  @ParameterizedTest
  @CsvSource({
    "a.example.com/*, a.example.com",
    "a.example.com/*, a.example.com/hub",
    "a.example.com/hub/lib*, a.example.com/hub",
    "a.example.com/hub/library/nginx, a.example.com/hub",
    "a.example.com/hub/library/nginx, a.example.com/hub/library/nginx",
    "a.example.com/lib*, a.example.com/library",
  })
  void aMirrorMayServeWhatIsAllowed(String pattern, String to) {
    assertThatCode(() -> served(pattern, to)).doesNotThrowAnyException();
  }

  private static DynamicTest refused(String what, ThrowingCallable options) {
    return DynamicTest.dynamicTest(
        what, () -> assertThatIllegalArgumentException().isThrownBy(options));
  }

  private static void writable(String path) {
    new ReadOnlyRootFilesystem(List.of(path));
  }

  private static void allowed(String pattern) {
    new ImageRegistry(List.of(pattern), List.of());
  }

  private static void mirror(String from, String to) {
    new ImageRegistry(List.of(), List.of(new ImageRegistry.Mirror(from, to)));
  }

  private static void served(String pattern, String to) {
    new ImageRegistry(List.of(pattern), List.of(new ImageRegistry.Mirror("docker.io", to)));
  }

  private static void priority(String filled, String allowed) {
    new PriorityClass(
        List.of(new PriorityClass.Entry(filled, PodSelector.ALL, List.of())),
        null,
        false,
        List.of(allowed));
  }

  private static void bounded(String request, String limit, String maximum, String ratio) {
    new Resources(
        Map.of("memory", new Quantity(request)),
        Map.of("memory", new Quantity(limit)),
        List.of(),
        Map.of("memory", new Quantity(maximum)),
        Map.of("memory", new Quantity(ratio)),
        null);
  }

  private static void sockets(String path) {
    new RuntimeSockets(List.of(path));
  }

  private static void labels(String key, String value) {
    new RequiredLabels(Map.of(key, value), Map.of());
  }

  private static void required(String key, String value) {
    new RequiredLabels(Map.of(), Map.of(key, List.of(value)));
  }

  private static void zone(String id) {
    new Timezone(ZoneId.of(id), Strategy.ENV, "", "", false);
  }

  private static void resources(String request, String limit, String required) {
    new Resources(
        Map.of("memory", new Quantity(request)),
        Map.of("memory", new Quantity(limit)),
        List.of(required),
        Map.of(),
        Map.of(),
        null);
  }

  private static void antiAffinity(int weight, String... keys) {
    new PodAntiAffinity(
        PodSelector.ALL,
        Strength.PREFERRED,
        weight,
        "kubernetes.io/hostname",
        List.of(List.of(keys)),
        List.of(),
        List.of());
  }

  private static void emptyDir(String limit, String maximum) {
    new EmptyDirSizeLimit(new Quantity(limit), new Quantity("1Mi"), new Quantity(maximum), null);
  }

  private static void delay(int seconds) {
    new PreStopDelay(seconds, ContainerChoice.SERVING);
  }

  private static void spread(List<SpreadLevel> levels) {
    new TopologySpread(PodSelector.ALL, levels, List.of(List.of("app")), List.of());
  }

  private static SpreadLevel level(String topologyKey, String... matchLabelKeys) {
    return new SpreadLevel(
        topologyKey,
        1,
        WhenUnsatisfiable.SCHEDULE_ANYWAY,
        null,
        null,
        null,
        List.of(matchLabelKeys));
  }

  private static void level(
      String topologyKey, int maxSkew, WhenUnsatisfiable whenUnsatisfiable, int minDomains) {
    new SpreadLevel(topologyKey, maxSkew, whenUnsatisfiable, minDomains, null, null, List.of());
  }

  private static void lxcfs(String root, String file) {
    new LxcfsMounts(root, PodSelector.ALL, List.of(), List.of(file), List.of());
  }
}
