package dev.gambeson.admission;

import static dev.gambeson.pod.Fields.IMAGE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.pod.Field;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.SingleQuotedJson;
import dev.gambeson.rule.ExceptedPods;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.PodSecurityVersion;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rules.Rules;
import dev.gambeson.verdict.CheckMode;
import dev.gambeson.verdict.Configuration;
import dev.gambeson.verdict.Configuration.NamespaceProfile;
import dev.gambeson.verdict.FixMode;
import dev.gambeson.verdict.Help;
import dev.gambeson.verdict.PodSecurity;
import dev.gambeson.verdict.Profile;
import dev.gambeson.verdict.RuleSettings;
import io.fabric8.kubernetes.api.model.Container;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What the pipeline decides, with two rules that stand for all: one with both halves, one with a
 * fix only.
 */
class AdmissionPipelineTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final ReviewCodec CODEC = new ReviewCodec();
  private static final LocalDate TODAY = LocalDate.of(2026, 11, 21);
  private static final ExceptedPods VIRTUAL_MACHINES =
      new ExceptedPods(List.of("VirtualMachineInstance"), List.of());
  private static final String ESCALATION = "AllowPrivilegeEscalation";

  private static final String BARE =
      "{'metadata':{},'spec':{'containers':[{'name':'web','image':'nginx'}]}}";
  private static final String HARDENED =
      "{'metadata':{},'spec':{'containers':[{'name':'web','image':'nginx',"
          + "'env':[{'name':'TZ','value':'Asia/Tokyo'}],'securityContext':{'allowPrivilegeEscalation':false}}]}}";
  private static final String ESCALATING =
      "{'metadata':{},'spec':{'containers':[{'name':'web','image':'nginx',"
          + "'securityContext':{'allowPrivilegeEscalation':true}}]}}";

  @Test
  void mutateFillsInAndSaysWhichRulesDid() {
    var decision = mutate(settings(FixMode.APPLY, CheckMode.OFF), request("CREATE", BARE));

    assertThat(String.valueOf(decision.patch()))
        .contains("allowPrivilegeEscalation")
        .contains("{\"gambeson.dev/applied\":\"AllowPrivilegeEscalation,Timezone\"}");
    assertThat(decision.auditAnnotations())
        .containsOnly(
            Map.entry("applied.AllowPrivilegeEscalation", "true"),
            Map.entry("applied.Timezone", "true"));
  }

  @Test
  void mutateLeavesACompletePodAlone() {
    var decision = mutate(settings(FixMode.APPLY, CheckMode.OFF), request("CREATE", HARDENED));

    assertThat(decision.patch()).isNull();
    assertThat(decision.auditAnnotations()).isEmpty();
  }

  @Test
  void aFixThatLeavesThePodAloneIsInTheAuditAnnotations() {
    var request =
        request(
            "CREATE",
            BARE.replace(
                "'metadata':{}",
                "'metadata':{'ownerReferences':[{'kind':'VirtualMachineInstance','controller':true}]}"));

    var decision = mutate(settings(FixMode.APPLY, CheckMode.OFF), request);

    assertThat(decision.patch()).isNull();
    assertThat(decision.auditAnnotations())
        .containsOnly(
            Map.entry("excepted.AllowPrivilegeEscalation", "true"),
            Map.entry("excepted.Timezone", "true"));
    assertThat(mutate(settings(FixMode.AUDIT, CheckMode.OFF), request).auditAnnotations())
        .isEmpty();
  }

  @Test
  void anAuditedFixIsReportedAndChangesNothing() {
    var decision = mutate(settings(FixMode.AUDIT, CheckMode.OFF), request("CREATE", BARE));

    assertThat(decision.patch()).isNull();
    assertThat(decision.auditAnnotations())
        .containsOnlyKeys("would-apply.AllowPrivilegeEscalation", "would-apply.Timezone");
    assertThat(decision.stats().audited()).containsExactlyInAnyOrder("Timezone", ESCALATION);
  }

  @Test
  void validateWritesDownWhichFieldsAnAuditedFixWouldSet() {
    var decision = allowed(settings(FixMode.AUDIT, CheckMode.OFF), request("CREATE", BARE));

    assertThat(decision.warnings()).isEmpty();
    assertThat(decision.auditAnnotations())
        .containsOnly(
            Map.entry(
                "would-apply.AllowPrivilegeEscalation",
                "would set spec.containers[0].securityContext.allowPrivilegeEscalation"),
            Map.entry("would-apply.Timezone", "would set spec.containers[0].env[0]"));
  }

  @Test
  void mutateTouchesPodsOnTheirCreationOnly() {
    assertThat(mutate(settings(FixMode.APPLY, CheckMode.OFF), request("UPDATE", BARE)).patch())
        .isNull();
    var subresource = request("CREATE", BARE);
    subresource.put("subResource", "eviction");
    assertThat(mutate(settings(FixMode.APPLY, CheckMode.OFF), subresource).patch()).isNull();
  }

  @Test
  void theAppliedAnnotationKeepsWhatItSaysOfRulesAndDropsTheRest() {
    var request =
        request(
            "CREATE",
            BARE.replace(
                    "'metadata':{}",
                    "'metadata':{'annotations':{'gambeson.dev/applied':'SeccompProfile,Junk,Timezone'}}")
                .replace("'image'", "'env':[{'name':'TZ','value':'UTC'}],'image'"));

    var patch = mutate(settings(FixMode.APPLY, CheckMode.OFF), request).patch();

    assertThat(SingleQuotedJson.read(String.valueOf(patch)))
        .anySatisfy(operation -> {
          assertThat(operation.path("path").asText())
              .isEqualTo("/metadata/annotations/gambeson.dev~1applied");
          assertThat(List.of(operation.path("value").asText().split(",")))
              .contains(ESCALATION, "Timezone")
              .doesNotContain("Junk");
        });
  }

  @Test
  void anAuthorSkipsWhatTheProfileLetsThemSkip() {
    var request =
        request(
            "CREATE",
            BARE.replace(
                "'metadata':{}",
                "'metadata':{'annotations':{'gambeson.dev/skip-fixes':'Timezone, AllowPrivilegeEscalation'}}"));

    var decision = mutate(settings(FixMode.APPLY, CheckMode.OFF), request);

    assertThat(decision.stats().applied()).containsExactly(ESCALATION);
    assertThat(decision.stats().refusedSkips()).containsExactly(ESCALATION);
    assertThat(decision.warnings())
        .containsExactly(
            "gambeson.dev/skip-fixes: profile \"test\" does not let a pod skip AllowPrivilegeEscalation");
  }

  @Test
  void validateDeniesWhatIsEnforcedWithTheFieldAndTheYamlToPaste() {
    var decision = denied(settings(FixMode.OFF, CheckMode.ENFORCE), request("CREATE", ESCALATING));

    assertThat(decision.message())
        .startsWith(
            "[AllowPrivilegeEscalation] container \"web\": "
                + "spec.containers[0].securityContext.allowPrivilegeEscalation: found true, wanted false")
        .contains(
            """
            spec:
              containers:
              - name: web
                securityContext:
                  allowPrivilegeEscalation: false\
            """);
  }

  @Test
  void aDenialSaysWhereAFixOfOursDidNotReachThePod() {
    var missed = denied(settings(FixMode.APPLY, CheckMode.ENFORCE), request("CREATE", BARE));
    var authored =
        denied(settings(FixMode.APPLY, CheckMode.ENFORCE), request("CREATE", ESCALATING));

    assertThat(missed.stats().fixable()).containsExactly(ESCALATION);
    assertThat(missed.message())
        .contains("Gambeson's fix of AllowPrivilegeEscalation did not reach this pod")
        .contains("create the pod again");
    assertThat(authored.stats().fixable()).isEmpty();
    assertThat(authored.message()).doesNotContain("did not reach");
  }

  @Test
  void aDenialAsksOnlyForWhatTheAuthorMustMend() {
    var both =
        ESCALATING.replace("'containers':[", "'containers':[{'name':'late','image':'proxy'},");

    var message =
        denied(settings(FixMode.APPLY, CheckMode.ENFORCE), request("CREATE", both)).message();

    assertThat(message)
        .contains("container \"late\"")
        .contains("that part of the manifest is fine")
        .doesNotContain("create the pod again")
        .contains("- name: web")
        .doesNotContain("- name: late");
  }

  @Test
  void noLengthOfANameLetsAPodEscape() {
    var longName = request("CREATE", ESCALATING);
    ((ObjectNode) longName.path("object").path("metadata"))
        .putObject("annotations")
        .put("k".repeat(1_000_000), "v");

    assertThat(validate(settings(FixMode.OFF, CheckMode.ENFORCE), longName))
        .isInstanceOf(Decision.Denied.class);
  }

  @Test
  void whatIsTooLargeToBeReadIsDeniedWhereItsNamespaceEnforcesSomething() {
    var configuration =
        new Configuration(
            true,
            "lax",
            List.of(new NamespaceProfile(List.of("prod-*"), "tight")),
            Map.of(
                "lax", profile(settings(FixMode.OFF, CheckMode.OFF)),
                "tight", profile(settings(FixMode.OFF, CheckMode.ENFORCE))),
            List.of(),
            Help.NONE);
    var pipeline = new AdmissionPipeline(() -> configuration, InstantSource.system(), CODEC);
    var route = new Route(Webhook.VALIDATE, null, PodSecurityLevel.PRIVILEGED);

    assertThat(pipeline.handleTooLarge(route, head("Pod", "prod-1", "CREATE", ""), "16 MiB"))
        .isInstanceOf(Decision.Denied.class);
    assertThat(pipeline.handleTooLarge(route, head("Pod", "shop", "CREATE", ""), "16 MiB"))
        .isInstanceOf(Decision.Allowed.class);
    assertThat(pipeline.handleTooLarge(route, head("Pod", "prod-1", "UPDATE", ""), "16 MiB"))
        .as("an image may be in what is not read")
        .isInstanceOf(Decision.Denied.class);
    assertThat(
            pipeline.handleTooLarge(
                route, head("Pod", "prod-1", "UPDATE", "ephemeralcontainers"), "16 MiB"))
        .isInstanceOf(Decision.Denied.class);
    assertThat(pipeline.handleTooLarge(route, head("Deployment", "prod-1", "CREATE", ""), "16 MiB"))
        .as("its pods are still to come")
        .isInstanceOf(Decision.Allowed.class);
  }

  private static AdmissionRequest head(
      String kind, String namespace, String operation, String subResource) {
    var beginning =
        """
        {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"1",
        "kind":{"group":"","version":"v1","kind":"%s"},"namespace":"%s","operation":"%s",
        "subResource":"%s","object":{"metadata":{"name":"a\
        """
            .formatted(kind, namespace, operation, subResource);
    return CODEC.decodeBeginning(beginning.getBytes(StandardCharsets.UTF_8)).orElseThrow();
  }

  @Test
  void enforceJudgesThePodAsItArrivedAndWarnWhatWouldRemain() {
    assertThat(validate(settings(FixMode.AUDIT, CheckMode.ENFORCE), request("CREATE", BARE)))
        .isInstanceOf(Decision.Denied.class);

    assertThat(allowed(settings(FixMode.AUDIT, CheckMode.WARN), request("CREATE", BARE)).warnings())
        .isEmpty();
    assertThat(
            allowed(settings(FixMode.AUDIT, CheckMode.WARN), request("CREATE", ESCALATING))
                .warnings())
        .containsExactly(
            "[AllowPrivilegeEscalation] container \"web\": "
                + "spec.containers[0].securityContext.allowPrivilegeEscalation: found true, wanted false");
  }

  @Test
  void validateNeverPatches() {
    assertThat(allowed(settings(FixMode.APPLY, CheckMode.WARN), request("CREATE", BARE)).patch())
        .isNull();
  }

  @Test
  void auditIsSilentTowardsTheAuthor() {
    var decision = allowed(settings(FixMode.OFF, CheckMode.AUDIT), request("CREATE", ESCALATING));

    assertThat(decision.warnings()).isEmpty();
    assertThat(decision.auditAnnotations().get("violated.AllowPrivilegeEscalation"))
        .startsWith("audit: ");
  }

  @Test
  void aWarningBecomesEnforcedOnItsDay() {
    var tomorrow = settings(FixMode.OFF, CheckMode.WARN, TODAY.plusDays(1));
    var today = settings(FixMode.OFF, CheckMode.WARN, TODAY);

    assertThat(allowed(tomorrow, request("CREATE", ESCALATING)).warnings())
        .singleElement()
        .asString()
        .endsWith("(enforced from 2026-11-22)");
    assertThat(validate(today, request("CREATE", ESCALATING))).isInstanceOf(Decision.Denied.class);
  }

  @Test
  void podSecurityGivesTheModeAndARuleMayOnlyRaiseIt() {
    var restricted = PodSecurityLevel.RESTRICTED;
    var none = PodSecurityLevel.PRIVILEGED;
    var rules = settings(FixMode.OFF, CheckMode.OFF);

    assertThat(validate(profile(rules, restricted, none, none), request("CREATE", ESCALATING)))
        .isInstanceOf(Decision.Denied.class);
    assertThat(
            ((Decision.Allowed)
                    validate(
                        profile(rules, none, restricted, restricted),
                        request("CREATE", ESCALATING)))
                .warnings())
        .hasSize(1);
    assertThat(
            validate(
                profile(settings(FixMode.OFF, CheckMode.ENFORCE), none, restricted, none),
                request("CREATE", ESCALATING)))
        .isInstanceOf(Decision.Denied.class);
  }

  @Test
  void theBreakGlassTurnsEveryDenialIntoAWarning() {
    var configuration =
        new Configuration(
            false,
            "test",
            List.of(),
            Map.of("test", profile(settings(FixMode.OFF, CheckMode.ENFORCE))),
            List.of(),
            Help.NONE);

    var decision = handle(configuration, Webhook.VALIDATE, null, request("CREATE", ESCALATING));

    assertThat(((Decision.Allowed) decision).warnings()).hasSize(1);
  }

  @Test
  void theNamespaceInTheConfigurationBeatsThePath() {
    var configuration =
        new Configuration(
            true,
            "lax",
            List.of(new NamespaceProfile(List.of("prod-*", "shop"), "tight")),
            Map.of(
                "lax", profile(settings(FixMode.OFF, CheckMode.OFF)),
                "tight", profile(settings(FixMode.OFF, CheckMode.ENFORCE))),
            List.of(),
            Help.NONE);

    assertThat(handle(configuration, Webhook.VALIDATE, "lax", request("CREATE", ESCALATING)))
        .isInstanceOf(Decision.Denied.class);
    var elsewhere = request("CREATE", ESCALATING);
    elsewhere.put("namespace", "my-prod-1");
    assertThat(handle(configuration, Webhook.VALIDATE, "lax", elsewhere))
        .isInstanceOf(Decision.Allowed.class);
    assertThat(handle(configuration, Webhook.VALIDATE, "tight", elsewhere))
        .isInstanceOf(Decision.Denied.class);
  }

  @Test
  void whatIsOnlyObservedIsNeverDeniedWhateverTheConfigurationSaysOfItsNamespace() {
    var enforcing = profile(settings(FixMode.OFF, CheckMode.ENFORCE));
    var configuration =
        new Configuration(
            true,
            "tight",
            List.of(new NamespaceProfile(List.of("*"), "tight")),
            Map.of("tight", enforcing, "observe", enforcing),
            List.of(),
            Help.NONE);

    for (var operation : List.of("CREATE", "UPDATE")) {
      assertThat(handle(configuration, Webhook.OBSERVE, null, request(operation, ESCALATING)))
          .isInstanceOf(Decision.Allowed.class);
    }
    var decision = handle(configuration, Webhook.OBSERVE, null, request("CREATE", ESCALATING));
    assertThat(decision.stats().findings()).isNotEmpty();
    assertThat(decision.stats().unknownProfile()).isNull();
  }

  @Test
  void theWordDefaultAsksForWhateverProfileThatIs() {
    var configuration =
        new Configuration(
            true,
            "tight",
            List.of(),
            Map.of(
                "lax", profile(settings(FixMode.OFF, CheckMode.OFF)),
                "tight", profile(settings(FixMode.OFF, CheckMode.ENFORCE))),
            List.of(),
            Help.NONE);

    var decision =
        handle(configuration, Webhook.VALIDATE, "default", request("CREATE", ESCALATING));

    assertThat(decision).isInstanceOf(Decision.Denied.class);
    assertThat(decision.stats().unknownProfile()).isNull();
  }

  @Test
  void anUnknownProfileIsJudgedAsTheDefaultOneWithAWarning() {
    var configuration =
        new Configuration(
            true,
            "test",
            List.of(),
            Map.of("test", profile(settings(FixMode.OFF, CheckMode.WARN))),
            List.of(),
            Help.NONE);

    var decision = handle(configuration, Webhook.VALIDATE, "stirct", request("CREATE", HARDENED));

    assertThat(decision.stats().unknownProfile()).isEqualTo("stirct");
    assertThat(((Decision.Allowed) decision).warnings())
        .containsExactly("Gambeson knows no profile \"stirct\"; the pod is under \"test\"");
  }

  @Test
  void anUpdateIsJudgedOnlyWhereItBringsInAnImageOrAContainer() {
    var rules = settings(FixMode.OFF, CheckMode.ENFORCE);
    var finalizer = request("UPDATE", ESCALATING);
    finalizer.set(
        "oldObject",
        SingleQuotedJson.read(
            ESCALATING.replace("'metadata':{}", "'metadata':{'finalizers':['a/b']}")));
    var image = request("UPDATE", ESCALATING);
    image.set("oldObject", SingleQuotedJson.read(ESCALATING.replace("nginx", "apache")));
    var container = request("UPDATE", ESCALATING);
    container.put("subResource", "ephemeralcontainers");
    container.set("oldObject", SingleQuotedJson.read("{'metadata':{},'spec':{'containers':[]}}"));

    assertThat(validate(rules, request("UPDATE", ESCALATING)))
        .as("without an old object")
        .isInstanceOf(Decision.Denied.class);
    assertThat(validate(rules, finalizer)).isInstanceOf(Decision.Allowed.class);
    assertThat(validate(rules, image)).isInstanceOf(Decision.Denied.class);
    assertThat(validate(rules, container)).isInstanceOf(Decision.Denied.class);
  }

  @Test
  void aSubresourceIsJudgedForWhatItChanges() {
    var rules = settings(FixMode.OFF, CheckMode.ENFORCE);
    var debugged = request("UPDATE", withDebugContainer("false"));
    var escalating = request("UPDATE", withDebugContainer("true"));
    for (var request : List.of(debugged, escalating)) {
      request
          .put("subResource", "ephemeralcontainers")
          .set("oldObject", SingleQuotedJson.read(ESCALATING));
    }
    var resized = request("UPDATE", ESCALATING);
    resized.put("subResource", "resize").set("oldObject", SingleQuotedJson.read(ESCALATING));

    assertThat(validate(rules, debugged)).isInstanceOf(Decision.Allowed.class);
    assertThat(denied(rules, escalating).message())
        .contains("container \"debug\"")
        .doesNotContain("container \"web\"");
    assertThat(validate(rules, resized)).isInstanceOf(Decision.Allowed.class);
  }

  @Test
  void aResizeIsMendedInThePodItself() {
    var owner =
        "{'apiVersion':'apps/v1','kind':'ReplicaSet','name':'web-7c9f','uid':'x','controller':true}";
    var resized =
        request(
            "UPDATE",
            ESCALATING.replace("'metadata':{}", "'metadata':{'ownerReferences':[" + owner + "]}"));
    resized.put("subResource", "resize").set("oldObject", SingleQuotedJson.read(HARDENED));

    assertThat(denied(settings(FixMode.OFF, CheckMode.ENFORCE), resized).message())
        .contains("To fix, set:\nspec:\n  containers:\n")
        .doesNotContain("ReplicaSet");
  }

  private static String withDebugContainer(String escalation) {
    return ESCALATING.replace(
        "'spec':{",
        "'spec':{'ephemeralContainers':[{'name':'debug','image':'busybox',"
            + "'securityContext':{'allowPrivilegeEscalation':"
            + escalation
            + "}}],");
  }

  @Test
  void anUpdateOfAPodThatCannotBeReadPassesWhereItBringsNothingIn() {
    var unreadable = BARE.replace("'image'", "'ports':'none','image'");
    var request = request("UPDATE", unreadable);
    request.set("oldObject", SingleQuotedJson.read(unreadable));

    assertThat(validate(settings(FixMode.OFF, CheckMode.ENFORCE), request))
        .as("it may be the removal of a finalizer")
        .isInstanceOf(Decision.Allowed.class);
  }

  @Test
  void ofALivePodOnlyNewImagesAreRewritten() {
    var two =
        "{'metadata':{},'spec':{'containers':[{'name':'a','image':'nginx'},{'name':'b','image':'redis'}]}}";
    var request = request("UPDATE", two);
    request.set("oldObject", SingleQuotedJson.read(two.replace("redis", "redis:1")));
    var rules = settings(FixMode.APPLY, CheckMode.OFF);
    rules.put("Mirror", settings(new Mirror(), FixMode.APPLY, CheckMode.OFF, null));

    var decision = mutate(rules, request);

    assertThat(decision.patch())
        .isEqualTo(
            "[{\"op\":\"replace\",\"path\":\"/spec/containers/1/image\",\"value\":\"mirror/redis\"}]");
    assertThat(decision.stats().applied()).containsExactly("Mirror");
  }

  /** Rewrites every image, and adds to every container what a live pod cannot be given. */
  private record Mirror() implements Rule.FixesNewImages {
    @Override
    public Risk risk() {
      return Risk.SAFE;
    }

    @Override
    public void fix(PodPatch patch, Scope scope) {
      for (var container : fixable(patch.pod(), scope)) {
        patch.container(container).replace(IMAGE, "mirror/" + container.image());
        patch
            .container(container)
            .append(new Field<>("args", Container::getArgs, Container::setArgs), "--mirrored");
      }
    }
  }

  @Test
  void onlyTheUpdateOfAPodThatIsBeingDeletedPasses() {
    var leaving =
        ESCALATING.replace(
            "'metadata':{}", "'metadata':{'deletionTimestamp':'2026-11-21T00:00:00Z'}");
    var rules = settings(FixMode.APPLY, CheckMode.ENFORCE);
    var update = request("UPDATE", ESCALATING.replace("nginx", "other"));
    update.set("oldObject", SingleQuotedJson.read(leaving.replace("n':true}", "n':false}")));
    var debugging = update.deepCopy().put("subResource", "ephemeralcontainers");
    var resizing = update.deepCopy().put("subResource", "resize");
    var claimed = request("UPDATE", leaving.replace("nginx", "other"));
    claimed.set("oldObject", SingleQuotedJson.read(ESCALATING));

    assertThat(validate(rules, update)).isInstanceOf(Decision.Allowed.class);
    assertThat(validate(rules, request("CREATE", leaving))).isInstanceOf(Decision.Denied.class);
    assertThat(mutate(rules, request("CREATE", leaving)).patch()).isNotNull();
    assertThat(validate(rules, claimed)).isInstanceOf(Decision.Denied.class);
    assertThat(validate(rules, debugging)).isInstanceOf(Decision.Denied.class);
    assertThat(validate(rules, resizing)).isInstanceOf(Decision.Denied.class);
  }

  @Test
  void aMirrorPodPassesFromItsOwnKubeletOnly() {
    var rules = settings(FixMode.APPLY, CheckMode.ENFORCE);
    var mirror =
        ESCALATING
            .replace(
                "'metadata':{}", "'metadata':{'annotations':{'kubernetes.io/config.mirror':'x'}}")
            .replace("'spec':{", "'spec':{'nodeName':'n1',");

    assertThat(validate(rules, request("CREATE", mirror, "system:node:n1", "system:nodes")))
        .isInstanceOf(Decision.Allowed.class);
    assertThat(mutate(rules, request("CREATE", mirror, "system:node:n1", "system:nodes")).patch())
        .isNull();
    assertThat(validate(rules, request("CREATE", mirror, "system:node:n2", "system:nodes")))
        .isInstanceOf(Decision.Denied.class);
    assertThat(validate(rules, request("CREATE", mirror, "system:node:n1", "developers")))
        .isInstanceOf(Decision.Denied.class);
    assertThat(validate(rules, request("CREATE", mirror, "alice", "system:nodes")))
        .isInstanceOf(Decision.Denied.class);
  }

  @Test
  void anotherKindPassesWithAWarning() {
    var request = request("CREATE", "{'metadata':{}}");
    ((ObjectNode) request.path("kind")).put("kind", "ConfigMap");

    var decision =
        handle(
            configuration(settings(FixMode.APPLY, CheckMode.ENFORCE)),
            Webhook.MUTATE,
            null,
            request);

    assertThat(((Decision.Allowed) decision).warnings())
        .singleElement()
        .asString()
        .contains("ConfigMap");
  }

  @Test
  void aPodThatTheModelCannotHoldFailsWithoutShowingItsValues() {
    var request = request("CREATE", "{'metadata':{},'spec':{'containers':'s3cr3t'}}");

    var decision =
        handle(
            configuration(settings(FixMode.APPLY, CheckMode.OFF)), Webhook.MUTATE, null, request);

    assertThat(decision).isInstanceOf(Decision.Failed.class);
    assertThat(((Decision.Failed) decision).message())
        .contains("containers")
        .doesNotContain("s3cr3t");
  }

  private static Map<String, RuleSettings> settings(FixMode fix, CheckMode check) {
    return settings(fix, check, null);
  }

  private static Map<String, RuleSettings> settings(
      FixMode fix, CheckMode check, @Nullable LocalDate enforceFrom) {
    var settings = new HashMap<String, RuleSettings>();
    settings.put(
        ESCALATION, settings(Rules.named(ESCALATION).orElseThrow(), fix, check, enforceFrom));
    settings.put(
        "Timezone", settings(Rules.named("Timezone").orElseThrow(), fix, CheckMode.OFF, null));
    return settings;
  }

  private static RuleSettings settings(
      Rule rule, FixMode fix, CheckMode check, @Nullable LocalDate enforceFrom) {
    return new RuleSettings(rule, fix, VIRTUAL_MACHINES, check, enforceFrom);
  }

  private static Profile profile(Map<String, RuleSettings> rules) {
    return profile(
        rules,
        PodSecurityLevel.PRIVILEGED,
        PodSecurityLevel.PRIVILEGED,
        PodSecurityLevel.PRIVILEGED);
  }

  private static Profile profile(
      Map<String, RuleSettings> rules,
      PodSecurityLevel enforce,
      PodSecurityLevel warn,
      PodSecurityLevel audit) {
    return profile(rules, enforce, warn, audit, CheckMode.OFF);
  }

  private static Profile profile(
      Map<String, RuleSettings> rules,
      PodSecurityLevel enforce,
      PodSecurityLevel warn,
      PodSecurityLevel audit,
      CheckMode workloads) {
    return new Profile(
        "test",
        new PodSecurity(enforce, warn, audit, PodSecurityVersion.LATEST),
        workloads,
        Set.of("Timezone"),
        List.copyOf(new TreeMap<>(rules).values()));
  }

  private static Configuration configuration(Map<String, RuleSettings> rules) {
    return configuration(profile(rules));
  }

  private static Configuration configuration(Profile profile) {
    return new Configuration(
        true, "test", List.of(), Map.of("test", profile), List.of(), Help.NONE);
  }

  private static Decision.Allowed mutate(Map<String, RuleSettings> rules, ObjectNode request) {
    return (Decision.Allowed) handle(configuration(rules), Webhook.MUTATE, null, request);
  }

  private static Decision validate(Map<String, RuleSettings> rules, ObjectNode request) {
    return handle(configuration(rules), Webhook.VALIDATE, null, request);
  }

  private static Decision validate(Profile profile, ObjectNode request) {
    return handle(configuration(profile), Webhook.VALIDATE, null, request);
  }

  private static Decision.Allowed allowed(Map<String, RuleSettings> rules, ObjectNode request) {
    return (Decision.Allowed) validate(rules, request);
  }

  private static Decision.Denied denied(Map<String, RuleSettings> rules, ObjectNode request) {
    return (Decision.Denied) validate(rules, request);
  }

  private static Decision handle(
      Configuration configuration, Webhook webhook, @Nullable String profile, ObjectNode request) {
    var review =
        MAPPER
            .createObjectNode()
            .put("apiVersion", "admission.k8s.io/v1")
            .put("kind", "AdmissionReview");
    review.set("request", request);
    var clock = InstantSource.fixed(Instant.parse(TODAY + "T12:00:00Z"));
    try {
      return new AdmissionPipeline(() -> configuration, clock, CODEC)
          .handle(
              new Route(webhook, profile, PodSecurityLevel.PRIVILEGED),
              CODEC.decode(review.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (MalformedReviewException e) {
      throw new AssertionError(e);
    }
  }

  private static ObjectNode request(String operation, String pod) {
    return request(operation, pod, "alice", "developers");
  }

  private static ObjectNode request(String operation, String pod, String user, String group) {
    var request =
        MAPPER
            .createObjectNode()
            .put("uid", "705ab4f5-6393-11e8-b7cc-42010a800002")
            .put("operation", operation)
            .put("namespace", "shop");
    request.putObject("kind").put("group", "").put("version", "v1").put("kind", "Pod");
    request.putObject("userInfo").put("username", user).putArray("groups").add(group);
    request.set("object", SingleQuotedJson.read(pod));
    return request;
  }
}
