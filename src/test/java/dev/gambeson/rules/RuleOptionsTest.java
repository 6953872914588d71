package dev.gambeson.rules;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gambeson.pod.PodSelector;
import dev.gambeson.pod.PodSelector.Operator;
import dev.gambeson.pod.PodSelector.Requirement;
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

/** Options that would make a rule useless, or every pod invalid, are refused when they are read. */
class RuleOptionsTest {

  @TestFactory
  Stream<DynamicTest> refused() {
    return Stream.of(
        refused("an offset is no zone", () -> zone("+08:00")),
        refused("nor is one with a name", () -> zone("UTC+8")),
        refused(
            "strategy image needs the option image",
            () -> new Timezone.Options(ZoneId.of("UTC"), Strategy.IMAGE, "", "")),
        refused(
            "imagePath must stay in the image",
            () -> new Timezone.Options(ZoneId.of("UTC"), Strategy.IMAGE, "zones", "a/../..")),
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
                new ServiceAccountToken.Options(
                    List.of(), List.of(), List.of(), List.of("web/operator"))),
        refused("root as the user to give", () -> new RunAsUser.Options(0L, null, null, null)),
        refused("root as the group to give", () -> new RunAsUser.Options(1L, 0L, null, null)),
        refused("uid below its minimum", () -> new RunAsUser.Options(1000L, null, 3000L, null)),
        refused("minimumGid of none", () -> new RunAsUser.Options(null, null, null, 0L)),
        refused("uid beyond the kernel's", () -> new RunAsUser.Options(1L << 31, null, null, null)),
        refused("drop with a prefix", () -> new Capabilities.Options(List.of("CAP_NET_RAW"))),
        refused("drop in lower case", () -> new Capabilities.Options(List.of("all"))),
        refused("writable that is relative", () -> writable("tmp")),
        refused("writable root", () -> writable("/")),
        refused("writable that climbs", () -> writable("/tmp/../etc")),
        refused("writable with a last slash", () -> writable("/tmp/")),
        refused("writable that no mount can have", () -> writable("/a:b")));
  }

  private static DynamicTest refused(String what, ThrowingCallable options) {
    return DynamicTest.dynamicTest(
        what, () -> assertThatIllegalArgumentException().isThrownBy(options));
  }

  private static void writable(String path) {
    new ReadOnlyRootFilesystem.Options(List.of(path));
  }

  private static void zone(String id) {
    new Timezone.Options(ZoneId.of(id), Strategy.ENV, "", "");
  }

  private static void resources(String request, String limit, String required) {
    new Resources.Options(
        Map.of("memory", new Quantity(request)),
        Map.of("memory", new Quantity(limit)),
        List.of(required),
        Map.of(),
        Map.of());
  }

  private static void antiAffinity(int weight, String... keys) {
    new PodAntiAffinity.Options(
        PodSelector.ALL,
        Strength.PREFERRED,
        weight,
        "kubernetes.io/hostname",
        List.of(List.of(keys)),
        List.of(),
        List.of());
  }

  private static void lxcfs(String root, String file) {
    new LxcfsMounts.Options(root, PodSelector.ALL, List.of(file), List.of());
  }
}
