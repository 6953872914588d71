package dev.gambeson.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleAbstractTypeResolver;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.pod.CountingList;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodDefaults;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.PodTemplate;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Requester;
import dev.gambeson.rule.Scope;
import dev.gambeson.verdict.Configuration;
import dev.gambeson.verdict.FixMode;
import dev.gambeson.verdict.FixResult;
import dev.gambeson.verdict.Judgement;
import dev.gambeson.verdict.SkippedFixes;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a review does grows with the pod, not with its square: whichever list of the pod its author
 * makes twice as long, the elements of its lists are touched about twice as often.
 */
class LinearTimeTest {
  private static final int SIZE = 64;

  /** Somewhat above 2; one access in ten that grows with the square brings a ratio there. */
  private static final double MOST = 2.2;

  private static final String TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount";

  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  /** Every rule with something to do, and exempted for some containers. */
  private static final String CONFIGURATION =
      """
      apiVersion: gambeson.dev/v1alpha1
      kind: GambesonConfig
      profiles:
        everything:
          extends: of-the-administrator
          rules:
            Timezone: {fix: apply, zone: Asia/Shanghai, strategy: hostPath}
            LxcfsMounts: {fix: apply, pods: {matchLabels: null}, exceptImages: []}
            ImageRegistry: {fix: apply, check: warn, allowed: ["mirror.example.com/*"], mirrors: [{from: docker.io, to: mirror.example.com}]}
            ImagePullPolicy: {fix: apply, check: warn}
            ImageTag: {check: warn}
            RunAsUser: {fix: apply, check: warn, uid: 10001, gid: 10001, minimumUid: 1000}
            RequiredLabels: {fix: apply, check: warn, labels: {status: serving}, required: {team: []}}
            PriorityClass: {fix: apply, check: warn, classes: [{priorityClassName: shop, pods: {}}]}
            TopologySpread: {fix: apply, check: warn}
            ServiceLinks: {fix: apply, check: warn}
            HostUsers: {fix: apply, check: warn}
            Resources: {fix: apply, check: warn, limits: {cpu: "1", memory: 256Mi}, maximum: {cpu: "2"}, qosClass: Guaranteed}
            PreStopDelay: {fix: apply, check: warn, containers: all}
            SecretsInEnv: {check: warn, arguments: true}
            RuntimeSockets: {check: warn}
            Probes: {check: warn, require: [readiness, liveness], nativeSidecars: true}
            EnvDuplicates: {check: warn}
        audited:
          extends: everything
          rules:
            ServiceAccountToken: {fix: audit}
            ReadOnlyRootFilesystem: {fix: audit}
            EmptyDirSizeLimit: {fix: audit}
            Timezone: {fix: audit}
            LxcfsMounts: {fix: audit}
      """
          + AdministratorProfile.YAML
          + """
          exemptions:
          - rules: [AllowPrivilegeEscalation, RunAsNonRoot, RunAsUser, SeccompProfile, ReadOnlyRootFilesystem, Resources, SecretsInEnv, HostPorts, HostProbes, ImageTag, ImagePullPolicy, Probes, Timezone]
            namespaces: [shop]
            containers: [other]
            images: ["*nginx*"]
            reason: r
            approvedBy: a
          - {rules: [Privileged], namespaces: [shop], values: {images: ["docker.io/library/nginx*"]}, reason: r, approvedBy: a}
          - {rules: [Capabilities], namespaces: [shop], containers: [c0], values: {add: [SYS_TIME], drop: []}, reason: r, approvedBy: a}
          - {rules: [HostPathVolumes], namespaces: [shop], values: {paths: [/run, /var/lib/lxcfs], readOnly: true}, reason: r, approvedBy: a}
          - {rules: [ServiceLinks, RuntimeSockets, VolumeTypes, Sysctls], namespaces: [shop], pods: {matchLabels: {app: web}}, expires: 2026-11-20, reason: r, approvedBy: a}
          """;

  private static final ObjectMapper MAPPER =
      StrictModel.configure(JsonMapper.builder())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .addModule(counting())
          .build();

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static SimpleModule counting() {
    var module = new SimpleModule();
    module.setAbstractTypes(
        new SimpleAbstractTypeResolver()
            .addMapping((Class) List.class, (Class) CountingList.class));
    return module;
  }

  private static Stream<Named<ObjIntConsumer<ObjectNode>>> templates() {
    return shapes().entrySet().stream().map(shape -> Named.of(shape.getKey(), shape.getValue()));
  }

  private static Stream<Arguments> reviews() throws Exception {
    var configuration = ConfigurationLoader.load(CONFIGURATION, "profiles.yaml");
    return shapes().entrySet().stream()
        .flatMap(shape ->
            Stream.of("everything", "audited")
                .map(profile ->
                    Arguments.of(
                        Named.of(shape.getKey(), shape.getValue()),
                        Named.of(profile, configuration.choose(profile).orElseThrow()))));
  }

  @ParameterizedTest
  @MethodSource("reviews")
  void whatIsTouchedGrowsWithThePod(ObjIntConsumer<ObjectNode> shape, Configuration.Choice choice)
      throws Exception {
    assertLinear(shape, pod -> fix(choice, pod));
    assertLinear(shape, pod -> validate(choice, pod));
  }

  @ParameterizedTest
  @MethodSource("templates")
  void whatIsTouchedInATemplateGrowsWithIt(ObjIntConsumer<ObjectNode> shape) throws Exception {
    assertLinear(shape, LinearTimeTest::complete);
  }

  @Test
  void whatIsTouchedToPlaceFindingsInADocumentGrowsWithThem() {
    assertLinear(placing(SIZE), placing(2 * SIZE));
  }

  /** A document with some volumes, to which the defaults and a fix each added as many. */
  private static long placing(int size) {
    var document = CountingArray.of(size);
    var places =
        new DocumentPaths(document, CountingArray.of(2 * size))
            .ofFields(CountingArray.of(3 * size));
    CountingArray.accesses = 0;
    for (int i = 0; i < 3 * size; i++) {
      places.place(FieldPath.of(i, "hostPath"));
    }
    return CountingArray.accesses;
  }

  /** A list of a document that counts the elements that are read from it. */
  @SuppressWarnings("unchecked")
  private static final class CountingArray extends ArrayNode {
    private static final long serialVersionUID = 1L;

    private static long accesses;

    private CountingArray() {
      super(JsonNodeFactory.instance);
    }

    static CountingArray of(int size) {
      var array = new CountingArray();
      IntStream.range(0, size).forEach(array::add);
      return array;
    }

    @Override
    public JsonNode get(int index) {
      accesses++;
      return super.get(index);
    }

    @Override
    public JsonNode path(int index) {
      accesses++;
      return super.path(index);
    }
  }

  private interface Work {
    void on(Pod pod) throws Exception;
  }

  private static void assertLinear(ObjIntConsumer<ObjectNode> shape, Work work) throws Exception {
    long once = accesses(shape, SIZE, work);
    long twice = accesses(shape, 2 * SIZE, work);
    assertLinear(once, twice);
    assertLinear(twice, accesses(shape, 4 * SIZE, work));
  }

  private static void assertLinear(long once, long twice) {
    assertThat((double) twice / once).as("%d, then %d", once, twice).isLessThan(MOST);
  }

  private static long accesses(ObjIntConsumer<ObjectNode> shape, int size, Work work)
      throws Exception {
    var described = pod();
    shape.accept(described, size);
    var pod = MAPPER.treeToValue(described, Pod.class);
    long before = CountingList.accesses();
    work.on(pod);
    return CountingList.accesses() - before;
  }

  /** As the mutating webhook does. */
  private static void fix(Configuration.Choice choice, Pod pod) {
    var profile = choice.profile();
    var scope = scope(choice);
    var patch = new PodPatch(pod);
    var fixed = profile.fix(FixMode.APPLY, patch, scope, Set.of());
    AppliedAnnotation.write(patch, fixed.stream().map(FixResult::rule).toList());
    assertThat(patch.operations()).isNotEmpty();
    profile.fix(FixMode.AUDIT, patch, scope, Set.of());
    profile.excepted(pod);
    profile.exemptedFixes(pod, scope, Set.of());
  }

  /** As the validating webhook does. */
  private static void validate(Configuration.Choice choice, Pod pod) {
    var profile = choice.profile();
    var skipped = new SkippedFixes(Set.of(), Set.of());
    var review = Judgement.of(profile, new PodPatch(pod), scope(choice), skipped, NOW, true);
    assertThat(review.findings()).isNotEmpty();
    assertThat(review.since(review).exempted()).isEmpty();
  }

  /** As it is done to the template of a workload. */
  private static void complete(Pod pod) {
    var claims = new CountingList<String>();
    pod.getSpec().getVolumes().forEach(volume -> claims.add("claim-" + volume.getName()));
    PodTemplate.of("apps/v1", "StatefulSet").orElseThrow().create(pod, "shop", "web", claims);
    PodDefaults.apply(pod);
  }

  private static Scope scope(Configuration.Choice choice) {
    return choice.scope("shop", PodSecurityLevel.PRIVILEGED, Requester.UNKNOWN, NOW);
  }

  /** Something in each list, so that none of them is made by a fix. */
  private static ObjectNode pod() {
    var pod = MAPPER.createObjectNode();
    var metadata = pod.putObject("metadata").put("name", "web");
    metadata.putObject("labels").put("app", "web");
    metadata
        .putArray("ownerReferences")
        .addObject()
        .put("apiVersion", "apps/v1")
        .put("kind", "ReplicaSet")
        .put("name", "web")
        .put("controller", true);
    var spec = pod.putObject("spec");
    spec.putArray("tolerations").addObject().put("key", "node.kubernetes.io/not-ready");
    spec.putArray("imagePullSecrets").addObject().put("name", "registry");
    volume(spec, "data").putObject("emptyDir");
    container(spec, "initContainers", "setup").put("restartPolicy", "Always");
    container(spec, "containers", "web");
    container(spec, "ephemeralContainers", "debugger");
    return pod;
  }

  private static ObjectNode container(ObjectNode spec, String list, String name) {
    var container =
        spec.withArrayProperty(list).addObject().put("name", name).put("image", "nginx");
    container.putArray("env").addObject().put("name", "DB_PASSWORD").put("value", "hunter2hunter2");
    container.putArray("envFrom").addObject().putObject("secretRef").put("name", "settings");
    container.putArray("args").add("--password=hunter2hunter2");
    container.putArray("ports").addObject().put("containerPort", 80).put("hostPort", 80);
    mount(container, "data", "/data");
    return container;
  }

  private static void mount(ObjectNode container, String volume, String path) {
    container
        .withArrayProperty("volumeMounts")
        .addObject()
        .put("name", volume)
        .put("mountPath", path)
        .put("readOnly", true);
  }

  private static ObjectNode volume(ObjectNode spec, String name) {
    return spec.withArrayProperty("volumes").addObject().put("name", name);
  }

  private static void hostPath(ObjectNode spec, String name, String path, String type) {
    volume(spec, name).putObject("hostPath").put("path", path).put("type", type);
  }

  private static void token(ObjectNode spec) {
    var sources = volume(spec, "kube-api-access-abcde").putObject("projected").putArray("sources");
    sources.addObject().putObject("serviceAccountToken").put("path", "token");
    sources.addObject().putObject("configMap").put("name", "kube-root-ca.crt");
    sources.addObject().putObject("downwardAPI");
  }

  private static ObjectNode spec(ObjectNode pod) {
    return (ObjectNode) pod.get("spec");
  }

  private static ObjectNode web(ObjectNode pod) {
    return (ObjectNode) pod.at("/spec/containers/0");
  }

  private static ArrayNode list(ObjectNode object, String name) {
    return object.withArrayProperty(name);
  }

  /** Each makes one list of the pod that long, or some that belong together. */
  private static Map<String, ObjIntConsumer<ObjectNode>> shapes() {
    var shapes = new LinkedHashMap<String, ObjIntConsumer<ObjectNode>>();
    shapes.put(
        "owners beside containers",
        each((pod, i) -> {
          var owners = list((ObjectNode) pod.get("metadata"), "ownerReferences");
          owners.insertObject(0).put("apiVersion", "v1").put("kind", "App").put("name", "o" + i);
          container(spec(pod), "initContainers", "c" + i);
        }));
    shapes.put(
        "required nodes beside containers",
        each((pod, i) -> {
          var terms =
              spec(pod)
                  .withObject(
                      "/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution")
                  .withArrayProperty("nodeSelectorTerms");
          var term = terms.isEmpty() ? terms.addObject() : (ObjectNode) terms.get(0);
          list(term, "matchExpressions").addObject().put("key", "k" + i).put("operator", "Exists");
          container(spec(pod), "initContainers", "c" + i);
        }));
    for (var kind : List.of("initContainers", "containers", "ephemeralContainers")) {
      shapes.put(kind, each((pod, i) -> container(spec(pod), kind, "c" + i)));
      shapes.put(
          kind + " that break every rule",
          each((pod, i) -> {
            var container = container(spec(pod), kind, "c" + i);
            var context = container.putObject("securityContext").put("privileged", true);
            context.put("allowPrivilegeEscalation", true).put("runAsUser", 0);
            context.put("procMount", "Unmasked").putObject("seLinuxOptions").put("user", "u");
            context.putObject("seccompProfile").put("type", "Unconfined");
            context.putObject("capabilities").putArray("add").add("SYS_TIME").add("SYS_ADMIN");
          }));
      shapes.put(
          kind + ", each with mounts of other volumes",
          each((pod, i) -> {
            var container = container(spec(pod), kind, "c" + i);
            for (int j = 0; j < 4; j++) {
              hostPath(spec(pod), "v" + i + "-" + j, "/run", "");
              mount(container, "v" + i + "-" + j, "/host/" + j);
            }
          }));
      shapes.put(
          kind + ", each with mounts of the token",
          each((pod, i) -> {
            if (i == 0) {
              token(spec(pod));
            }
            mount(container(spec(pod), kind, "c" + i), "kube-api-access-abcde", TOKEN);
          }));
    }
    shapes.put("containers of one name", each((pod, i) -> container(spec(pod), "containers", "c")));
    shapes.put(
        "containers beside volumes with the names that a fix would choose",
        each((pod, i) -> {
          container(spec(pod), "containers", "c");
          int hash = "c/tmp".hashCode();
          volume(spec(pod), "writable-c-%08x".formatted(hash + i)).putObject("emptyDir");
          volume(spec(pod), "writable-c-%08x-%d".formatted(hash, i)).putObject("emptyDir");
        }));
    shapes.put("volumes", each((pod, i) -> volume(spec(pod), "v" + i).putObject("emptyDir")));
    shapes.put(
        "volumes of images",
        each((pod, i) -> volume(spec(pod), "v" + i).putObject("image").put("reference", "nginx")));
    shapes.put("volumes of the node", each((pod, i) -> hostPath(spec(pod), "v" + i, "/run", "")));
    shapes.put("volumes of the token", each((pod, i) -> token(spec(pod))));
    shapes.put(
        "volumes as a fix mounts them",
        each((pod, i) -> {
          hostPath(spec(pod), "v" + i, "/var/lib/lxcfs/proc/stat", "File");
          mount(web(pod), "v" + i, "/proc/stat");
        }));
    shapes.put(
        "volumes of one name and mounts of it",
        each((pod, i) -> {
          hostPath(spec(pod), "v", i % 2 == 0 ? "/run" : "/var/lib/lxcfs/proc/stat", "File");
          mount(web(pod), "v", "/proc/stat");
        }));
    shapes.put(
        "mounts of the token among others",
        each((pod, i) -> {
          if (i == 0) {
            token(spec(pod));
          }
          mount(web(pod), i % 2 == 0 ? "kube-api-access-abcde" : "data", TOKEN);
        }));
    shapes.put(
        "volumeDevices",
        each((pod, i) ->
            list(web(pod), "volumeDevices")
                .addObject()
                .put("name", "v" + i)
                .put("devicePath", "/dev/" + i)));
    shapes.put(
        "env",
        each((pod, i) ->
            list(web(pod), "env")
                .addObject()
                .put("name", "PASSWORD_" + i)
                .put("value", "hunter2hunter2")));
    shapes.put(
        "env with each name twice",
        each((pod, i) ->
            list(web(pod), "env")
                .addObject()
                .put("name", "NAME_" + i / 2)
                .put("value", "$(NAME_" + i / 2 + ") $(")));
    shapes.put(
        "envFrom",
        each((pod, i) ->
            list(web(pod), "envFrom").addObject().putObject("secretRef").put("name", "s" + i)));
    shapes.put("args", each((pod, i) -> list(web(pod), "args").add("--password=hunter2hunter2")));
    shapes.put(
        "command", each((pod, i) -> list(web(pod), "command").add("--token=hunter2hunter2")));
    shapes.put(
        "ports",
        each((pod, i) ->
            list(web(pod), "ports").addObject().put("containerPort", i).put("hostPort", i + 1)));
    shapes.put(
        "capabilities",
        each((pod, i) -> {
          var capabilities =
              web(pod).withObjectProperty("securityContext").withObjectProperty("capabilities");
          list(capabilities, "add").add("SYS_TIME");
          list(capabilities, "drop").add("C" + i);
        }));
    for (var names : List.of("tolerations", "imagePullSecrets", "schedulingGates", "hostAliases")) {
      shapes.put(names, each((pod, i) -> list(spec(pod), names).addObject()));
    }
    shapes.put(
        "tolerations of every taint",
        each((pod, i) -> list(spec(pod), "tolerations").addObject().put("operator", "Exists")));
    shapes.put("resourceClaims", each((pod, i) -> list(spec(pod), "resourceClaims").addObject()));
    shapes.put(
        "topologySpreadConstraints",
        each((pod, i) ->
            list(spec(pod), "topologySpreadConstraints").addObject().put("topologyKey", "k" + i)));
    shapes.put(
        "terms of affinity",
        each((pod, i) -> {
          var affinity = spec(pod).withObjectProperty("affinity");
          list(
                  affinity.withObjectProperty("podAntiAffinity"),
                  "requiredDuringSchedulingIgnoredDuringExecution")
              .addObject()
              .put("topologyKey", "k" + i);
          list(
                  affinity
                      .withObjectProperty("nodeAffinity")
                      .withObjectProperty("requiredDuringSchedulingIgnoredDuringExecution"),
                  "nodeSelectorTerms")
              .addObject();
        }));
    shapes.put(
        "sysctls",
        each((pod, i) ->
            list(spec(pod).withObjectProperty("securityContext"), "sysctls")
                .addObject()
                .put("name", "kernel.s" + i)
                .put("value", "1")));
    shapes.put(
        "supplementalGroups",
        each((pod, i) ->
            list(spec(pod).withObjectProperty("securityContext"), "supplementalGroups").add(i)));
    shapes.put(
        "ownerReferences",
        each((pod, i) ->
            ((ArrayNode) pod.at("/metadata/ownerReferences")).insertObject(0).put("kind", "Job")));
    shapes.put(
        "conditions",
        each((pod, i) ->
            list(pod.withObjectProperty("status"), "conditions").addObject().put("type", "c" + i)));
    return shapes;
  }

  private interface Element {
    void addTo(ObjectNode pod, int position);
  }

  private static ObjIntConsumer<ObjectNode> each(Element element) {
    return (pod, size) -> {
      for (int i = 0; i < size; i++) {
        element.addTo(pod, i);
      }
    };
  }
}
