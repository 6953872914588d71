package dev.gambeson.pod;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gambeson.admission.ReviewCodec;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SeccompProfile;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.zjsonpatch.JsonPatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PodPatchTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final ReviewCodec CODEC = new ReviewCodec();

  @Test
  void createsMissingParentsInOneOperation() throws Exception {
    var patched =
        patch(
            "{'metadata':{},'spec':{'containers':[{'name':'a'}]}}",
            patch -> {
              var context = patch.securityContext(ContainerRef.all(patch.pod()).getFirst());
              context.fill(
                  "privileged",
                  SecurityContext::getPrivileged,
                  SecurityContext::setPrivileged,
                  false);
              context.fill(
                  "seccompProfile",
                  SecurityContext::getSeccompProfile,
                  SecurityContext::setSeccompProfile,
                  new SeccompProfile(null, "RuntimeDefault"));
            });

    assertThat(patched.operations())
        .isEqualTo(
            json(
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
            json(
                "[{'op':'add','path':'/spec/containers/0/env','value':[{'name':'A'},{'name':'B'}]}]"));
  }

  @Test
  void appendsToAListThatIsThere() throws Exception {
    var patched =
        patch(
            "{'metadata':{},'spec':{'containers':[{'name':'a','env':[{'name':'X','future':1}]}]}}",
            patch -> env(patch, "A"));

    assertThat(patched.operations())
        .isEqualTo(json("[{'op':'add','path':'/spec/containers/0/env/-','value':{'name':'A'}}]"));
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
              patch
                  .spec()
                  .append("containers", PodSpec::getContainers, PodSpec::setContainers, sidecar);
              patch
                  .securityContext(ContainerRef.all(patch.pod()).get(1))
                  .fill(
                      "privileged",
                      SecurityContext::getPrivileged,
                      SecurityContext::setPrivileged,
                      false);
            });

    assertThat(patched.operations())
        .isEqualTo(
            json(
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
              patch
                  .spec()
                  .removeIf(
                      "volumes", PodSpec::getVolumes, volume -> volume.getName().startsWith("x"));
              var added = new Volume();
              added.setName("c");
              patch.spec().append("volumes", PodSpec::getVolumes, PodSpec::setVolumes, added);
              patch
                  .spec()
                  .element("volumes", PodSpec::getVolumes, 1)
                  .fill(
                      "emptyDir",
                      Volume::getEmptyDir,
                      Volume::setEmptyDir,
                      new io.fabric8.kubernetes.api.model.EmptyDirVolumeSource());
            });

    assertThat(patched.operations())
        .isEqualTo(
            json(
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
              patch
                  .spec()
                  .fill("dnsPolicy", PodSpec::getDnsPolicy, PodSpec::setDnsPolicy, "Default");
              patch
                  .metadata()
                  .put(
                      "annotations",
                      ObjectMeta::getAnnotations,
                      ObjectMeta::setAnnotations,
                      "a/b",
                      "ours");
            });

    assertThat(patched.operations()).isNull();
  }

  @Test
  void escapesKeysInPointers() throws Exception {
    var patched =
        patch(
            "{'metadata':{'annotations':{'x':'y'}},'spec':{'containers':[]}}",
            patch ->
                patch
                    .metadata()
                    .put(
                        "annotations",
                        ObjectMeta::getAnnotations,
                        ObjectMeta::setAnnotations,
                        "a~b/c",
                        "v"));

    assertThat(patched.operations())
        .isEqualTo(json("[{'op':'add','path':'/metadata/annotations/a~0b~1c','value':'v'}]"));
  }

  private record Patched(@Nullable JsonNode operations, JsonNode result) {}

  /** Runs changes, and asserts on the way that the operations lead to what the typed copy says. */
  private static Patched patch(String pod, Consumer<PodPatch> changes) throws Exception {
    var original = json(pod);
    var patch = new PodPatch(CODEC.pod(original));
    changes.accept(patch);
    var operations = CODEC.patch(patch.operations());
    var result = operations == null ? original : JsonPatch.apply(operations, original);
    assertThat(CODEC.pod(result)).isEqualTo(patch.pod());
    return new Patched(operations, result);
  }

  private static void env(PodPatch patch, String name) {
    patch
        .container(ContainerRef.all(patch.pod()).getFirst())
        .append("env", Container::getEnv, Container::setEnv, new EnvVar(name, null, null));
  }

  private static JsonNode json(String text) throws Exception {
    return MAPPER.readTree(text.replace('\'', '"'));
  }
}
