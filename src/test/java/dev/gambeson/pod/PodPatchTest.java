package dev.gambeson.pod;

import static dev.gambeson.pod.Fields.ANNOTATIONS;
import static dev.gambeson.pod.Fields.CONTAINERS;
import static dev.gambeson.pod.Fields.DNS_POLICY;
import static dev.gambeson.pod.Fields.ENV;
import static dev.gambeson.pod.Fields.INIT_CONTAINERS;
import static dev.gambeson.pod.Fields.SECCOMP_PROFILE;
import static dev.gambeson.pod.Fields.VOLUMES;
import static dev.gambeson.pod.Fields.VOLUME_MOUNTS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.ThreadMXBean;
import dev.gambeson.admission.ReviewCodec;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HostPathVolumeSource;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.SeccompProfile;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.zjsonpatch.JsonPatch;
import java.lang.management.ManagementFactory;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PodPatchTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final Field<SecurityContext, Boolean> PRIVILEGED =
      new Field<>("privileged", SecurityContext::getPrivileged, SecurityContext::setPrivileged);
  private static final Field<Volume, EmptyDirVolumeSource> EMPTY_DIR =
      new Field<>("emptyDir", Volume::getEmptyDir, Volume::setEmptyDir);
  private static final Field<Volume, HostPathVolumeSource> HOST_PATH =
      new Field<>("hostPath", Volume::getHostPath, Volume::setHostPath);

  private static final ReviewCodec CODEC = new ReviewCodec();

  @Test
  void createsMissingParentsInOneOperation() throws Exception {
    var patched =
        patch(
            "{'metadata':{},'spec':{'containers':[{'name':'a'}]}}",
            patch -> {
              var context = patch.securityContext(ContainerRef.all(patch.pod()).getFirst());
              context.fill(PRIVILEGED, false);
              context.fill(SECCOMP_PROFILE, new SeccompProfile(null, "RuntimeDefault"));
            });

    assertThat(patched.operations())
        .isEqualTo(
            SingleQuotedJson.read(
                "[{'op':'add','path':'/spec/containers/0/securityContext',"
                    + "'value':{'privileged':false,'seccompProfile':{'type':'RuntimeDefault'}}}]"));
  }

  @Test
  void whatALaterFixAddsToACreatedListNeedsNoOperationOfItsOwn() throws Exception {
    var patched =
        patch(
            "{'metadata':{},'spec':{'containers':[{'name':'a'}]}}",
            patch -> {
              env(patch, "A");
              env(patch, "B");
            });

    assertThat(patched.operations())
        .isEqualTo(
            SingleQuotedJson.read(
                "[{'op':'add','path':'/spec/containers/0/env','value':[{'name':'A'},{'name':'B'}]}]"));
  }

  @Test
  void appendsToAListThatIsThere() throws Exception {
    var patched =
        patch(
            "{'metadata':{},'spec':{'containers':[{'name':'a','env':[{'name':'X','future':1}]}]}}",
            patch -> env(patch, "A"));

    assertThat(patched.operations())
        .isEqualTo(
            SingleQuotedJson.read(
                "[{'op':'add','path':'/spec/containers/0/env/-','value':{'name':'A'}}]"));
    assertThat(patched.result().at("/spec/containers/0/env/0/future").asInt()).isEqualTo(1);
  }

  @Test
  void hardensAContainerThatItAddedItself() throws Exception {
    var patched =
        patch(
            "{'metadata':{},'spec':{'containers':[{'name':'a'}]}}",
            patch -> {
              var sidecar = new Container();
              sidecar.setName("sidecar");
              patch.spec().append(CONTAINERS, sidecar);
              patch.securityContext(ContainerRef.all(patch.pod()).get(1)).fill(PRIVILEGED, false);
            });

    assertThat(patched.operations())
        .isEqualTo(
            SingleQuotedJson.read(
                "[{'op':'add','path':'/spec/containers/-',"
                    + "'value':{'name':'sidecar','securityContext':{'privileged':false}}}]"));
  }

  @Test
  void removesLastAndFromTheEnd() throws Exception {
    var patched =
        patch(
            "{'metadata':{},'spec':{'containers':[],'volumes':"
                + "[{'name':'x1'},{'name':'a'},{'name':'x2'},{'name':'b'}]}}",
            patch -> {
              patch.spec().removeIf(VOLUMES, volume -> volume.getName().startsWith("x"));
              var added = new Volume();
              added.setName("c");
              patch.spec().append(VOLUMES, added);
              patch.spec().element(VOLUMES, 1).fill(EMPTY_DIR, new EmptyDirVolumeSource());
            });

    assertThat(patched.operations())
        .isEqualTo(
            SingleQuotedJson.read(
                "[{'op':'add','path':'/spec/volumes/-','value':{'name':'c'}},"
                    + "{'op':'add','path':'/spec/volumes/3/emptyDir','value':{}},"
                    + "{'op':'remove','path':'/spec/volumes/2'},{'op':'remove','path':'/spec/volumes/0'}]"));
    assertThat(patched.result().at("/spec/volumes").findValuesAsText("name"))
        .containsExactly("a", "b", "c");
  }

  @Test
  void fillsNothingThatIsThere() throws Exception {
    var patched =
        patch(
            "{'metadata':{'annotations':{'a/b':'mine'}},'spec':{'dnsPolicy':'None','containers':[]}}",
            patch -> {
              patch.spec().fill(DNS_POLICY, "Default");
              patch.metadata().put(ANNOTATIONS, "a/b", "ours");
            });

    assertThat(patched.operations()).isNull();
  }

  @Test
  void escapesKeysInPointers() throws Exception {
    var patched =
        patch(
            "{'metadata':{'annotations':{'x':'y'}},'spec':{'containers':[]}}",
            patch -> patch.metadata().put(ANNOTATIONS, "a~b/c", "v"));

    assertThat(patched.operations())
        .isEqualTo(
            SingleQuotedJson.read(
                "[{'op':'add','path':'/metadata/annotations/a~0b~1c','value':'v'}]"));
  }

  @Test
  void insertsBeforeTheAuthorsOwnInTheOrderOfTheCalls() throws Exception {
    var patched =
        patch(
            "{'metadata':{},'spec':{'containers':[{'name':'a','env':[{'name':'X','future':1}]}]}}",
            patch -> {
              env(patch, "Z");
              front(patch, "A");
              front(patch, "B");
            });

    assertThat(patched.operations())
        .isEqualTo(
            SingleQuotedJson.read(
                "[{'op':'add','path':'/spec/containers/0/env/-','value':{'name':'Z'}},"
                    + "{'op':'add','path':'/spec/containers/0/env/0','value':{'name':'A'}},"
                    + "{'op':'add','path':'/spec/containers/0/env/1','value':{'name':'B'}}]"));
    assertThat(patched.result().at("/spec/containers/0/env").findValuesAsText("name"))
        .containsExactly("A", "B", "X", "Z");
  }

  @Test
  void hardensAContainerThatItInsertedAndTheOneBehindIt() throws Exception {
    var patched =
        patch(
            "{'metadata':{},'spec':{'containers':[],'initContainers':[{'name':'own'}]}}",
            patch -> {
              var sidecar = new Container();
              sidecar.setName("sidecar");
              patch.spec().prepend(INIT_CONTAINERS, sidecar);
              for (var container : ContainerRef.all(patch.pod())) {
                patch.securityContext(container).fill(PRIVILEGED, false);
              }
            });

    assertThat(patched.operations())
        .isEqualTo(
            SingleQuotedJson.read(
                "[{'op':'add','path':'/spec/initContainers/0',"
                    + "'value':{'name':'sidecar','securityContext':{'privileged':false}}},"
                    + "{'op':'add','path':'/spec/initContainers/1/securityContext',"
                    + "'value':{'privileged':false}}]"));
  }

  /** A tenant decides how many there are. */
  @Test
  void insertionsBesideRemovalsCostWhatTheContainersDo() {
    long few = IntStream.range(0, 5).mapToLong(run -> costOfInsertions(100)).min().orElseThrow();
    long many = IntStream.range(0, 5).mapToLong(run -> costOfInsertions(400)).min().orElseThrow();

    assertThat((double) many / few).isLessThan(4.8);
  }

  /** The bytes that it takes to insert into each container of a pod whose mounts were removed. */
  private static long costOfInsertions(int containers) {
    var pod = new PodBuilder().withNewMetadata().endMetadata().withNewSpec().endSpec().build();
    for (int i = 0; i < containers; i++) {
      var container = new Container();
      container.setName("c" + i);
      for (int mount = 0; mount < 20; mount++) {
        container.getVolumeMounts().add(new VolumeMountBuilder().withName("token").build());
      }
      container.getEnv().add(new EnvVar("X", null, null));
      pod.getSpec().getContainers().add(container);
    }
    var patch = new PodPatch(pod);
    var all = ContainerRef.all(pod);
    all.forEach(each -> patch.container(each).removeIf(VOLUME_MOUNTS, mount -> true));
    long before = THREADS.getCurrentThreadAllocatedBytes();
    all.forEach(each -> patch.container(each).prepend(ENV, new EnvVar("A", null, null)));
    long cost = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertThat(patch.operations()).hasSize(21 * containers);
    return cost;
  }

  /** The operations apply and lead to what the typed copy says, in whatever order changes come. */
  @ParameterizedTest
  @MethodSource("seeds")
  void anyChangesInAnyOrder(long seed) throws Exception {
    var random = new Random(seed * 0x9E3779B97F4A7C15L);
    patch(
        "{'metadata':{},'spec':{'volumes':[{'name':'v0'},{'name':'v1'},{'name':'v2'}],"
            + "'initContainers':[{'name':'i0','env':[{'name':'X'},{'name':'Y'}]},{'name':'i1'}],"
            + "'containers':[{'name':'c0','env':[{'name':'X'}]},{'name':'c1'}]}}",
        patch -> {
          for (int change = 0; change < 20; change++) {
            change(random, patch, "n" + change);
          }
        });
  }

  static LongStream seeds() {
    return LongStream.range(0, 500);
  }

  private static void change(Random random, PodPatch patch, String name) {
    var containers = ContainerRef.fixable(patch.pod());
    var container = containers.get(random.nextInt(containers.size()));
    var variable = new EnvVar(name, null, null);
    var added = new Container();
    added.setName(name);
    var volume = new Volume();
    volume.setName(name);
    int volumes = patch.pod().getSpec().getVolumes().size();
    switch (random.nextInt(9)) {
      case 0 -> patch.container(container).append(ENV, variable);
      case 1, 2 -> patch.container(container).prepend(ENV, variable);
      case 3 -> patch.container(container).removeIf(ENV, one -> random.nextInt(3) == 0);
      case 4 -> patch.spec().prepend(INIT_CONTAINERS, added);
      case 5 -> patch.spec().append(INIT_CONTAINERS, added);
      case 6 -> patch.securityContext(container).fill(PRIVILEGED, random.nextBoolean());
      case 7 -> {
        patch.spec().removeIf(VOLUMES, one -> random.nextInt(3) == 0);
        patch.spec().prepend(VOLUMES, volume);
      }
      default -> {
        if (volumes > 0) {
          patch.spec().element(VOLUMES, random.nextInt(volumes)).replace(HOST_PATH, path(name));
        }
      }
    }
  }

  private static HostPathVolumeSource path(String name) {
    return new HostPathVolumeSource("/" + name, null);
  }

  private record Patched(@Nullable JsonNode operations, JsonNode result) {}

  /** Runs changes, and asserts on the way that the operations lead to what the typed copy says. */
  private static Patched patch(String pod, Consumer<PodPatch> changes) throws Exception {
    var original = SingleQuotedJson.read(pod);
    var patch = new PodPatch(CODEC.pod(original));
    changes.accept(patch);
    var text = CODEC.patch(patch.operations());
    var operations = text == null ? null : SingleQuotedJson.read(text);
    var result = operations == null ? original : JsonPatch.apply(operations, original);
    assertThat(CODEC.pod(result)).isEqualTo(patch.pod());
    return new Patched(operations, result);
  }

  private static void env(PodPatch patch, String name) {
    patch
        .container(ContainerRef.all(patch.pod()).getFirst())
        .append(ENV, new EnvVar(name, null, null));
  }

  private static void front(PodPatch patch, String name) {
    patch
        .container(ContainerRef.all(patch.pod()).getFirst())
        .prepend(ENV, new EnvVar(name, null, null));
  }
}
