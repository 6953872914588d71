package dev.gambeson.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.pod.SingleQuotedJson;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.verdict.Finding;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the pipeline decides about objects that describe pods. */
class WorkloadAdmissionTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final ReviewCodec CODEC = new ReviewCodec();
  private static final String VIOLATION =
      "[Privileged] container \"web\": spec.template.spec.containers[0].securityContext.privileged:"
          + " found true, wanted false";
  private static final String PRIVILEGED =
      "{'metadata':{'name':'web'},'spec':{'replicas':1,'template':{'metadata':{},"
          + "'spec':{'containers':[{'name':'web','image':'nginx','securityContext':{'privileged':true}}]}}}}";

  @Test
  void enforceDeniesWhatThePodsWouldBeDeniedFor() {
    var decision = (Decision.Denied) validate("strict", request("CREATE", PRIVILEGED));

    assertThat(decision.message())
        .startsWith(VIOLATION)
        .contains(
            """
            spec:
              template:
                spec:
                  containers:
                  - name: web
                    securityContext:
                      privileged: false\
            """);
    assertThat(decision.auditAnnotations().get("violated.Privileged"))
        .isEqualTo("enforce: " + VIOLATION);
  }

  @Test
  void warnSaysThatThePodsWillBeRefused() {
    var decision = (Decision.Allowed) validate("standard", request("CREATE", PRIVILEGED));

    assertThat(decision.warnings()).contains("pods will be refused: " + VIOLATION);
    assertThat(decision.stats().findings()).noneMatch(Finding::isEnforced);
  }

  @Test
  void auditIsSilentTowardsTheAuthor() {
    var decision = (Decision.Allowed) validate("observe", request("CREATE", PRIVILEGED));

    assertThat(decision.warnings()).isEmpty();
    assertThat(decision.auditAnnotations().get("violated.Privileged"))
        .isEqualTo("audit: " + VIOLATION);
  }

  @Test
  void offSaysNothing() {
    var decision =
        validate("profiles: {quiet: {extends: strict, workloads: off}}", "quiet", PRIVILEGED);

    assertThat(((Decision.Allowed) decision).warnings()).isEmpty();
    assertThat(decision.stats().findings()).isEmpty();
  }

  @Test
  void theBreakGlassTurnsTheDenialIntoAWarning() {
    var decision = validate("enforcement: warn", "strict", PRIVILEGED);

    assertThat(((Decision.Allowed) decision).warnings()).contains(VIOLATION);
  }

  @Test
  void theAuthorLearnsNothingOfWhatTheFixesMend() {
    var plain = PRIVILEGED.replace(",'securityContext':{'privileged':true}", "");

    var decision = (Decision.Allowed) validate("strict", request("CREATE", plain));

    assertThat(decision.patch()).isNull();
    assertThat(decision.warnings()).noneMatch(warning -> warning.contains("Capabilities"));
    assertThat(decision.stats().applied()).isEmpty();
  }

  @Test
  void theAuthorIsNotAskedToEditWhatTheConfigurationPutsIn() {
    var mesh =
        """
        profiles:
          strict:
            rules:
              Sidecars:
                sidecars:
                  mesh:
                    pods: {}
                    container: {image: "mesh:9", securityContext: {allowPrivilegeEscalation: false, capabilities: {add: [NET_ADMIN]}}}
        exemptions:
        - rules: [Capabilities]
          namespaces: [elsewhere]
          values: {add: [NET_ADMIN]}
          reason: redirects the traffic of its pod
          approvedBy: security@example.com
        """;

    var decision = (Decision.Denied) validate(mesh, "strict", PRIVILEGED);

    assertThat(decision.message())
        .contains("[Capabilities] container \"mesh\": spec.template.spec.initContainers[0]")
        .contains("in the options of Sidecars")
        .contains("- name: web")
        .doesNotContain("- name: mesh");
  }

  @Test
  void whatMayStillBeFilledInIsWarnedOf() {
    var configuration =
        """
        profiles:
          strict:
            rules:
              Resources: {fix: off, required: [limits.memory]}
              PriorityClass: {check: enforce}
              ImageRegistry: {check: enforce, allowed: [registry.example.com/*]}
        """;
    var gateway =
        "{'metadata':{'name':'web'},'spec':{'template':{'metadata':{'labels':{'sidecar.istio.io/inject':'true'}},"
            + "'spec':{'containers':[{'name':'web','image':'auto'}]}}}}";

    var decision = validate(configuration, "strict", gateway);
    var privileged =
        validate(
            configuration,
            "strict",
            gateway.replace("'auto'", "'auto','securityContext':{'privileged':true}"));

    assertThat(((Decision.Allowed) decision).warnings())
        .anyMatch(line ->
            line.startsWith(
                "pods will be refused unless a LimitRange of the namespace fills it in: [Resources]"))
        .anyMatch(line ->
            line.startsWith(
                "pods will be refused unless the default PriorityClass of the cluster fills it in:"
                    + " [PriorityClass]"))
        .anyMatch(line ->
            line.startsWith(
                "pods will be refused unless the injector that the pod asks for fills it in:"
                    + " [ImageRegistry]"));
    assertThat(((Decision.Denied) privileged).message())
        .contains("[Privileged]")
        .doesNotContain("[Resources]", "[PriorityClass]", "[ImageRegistry]");
  }

  @Test
  void onlyATemplateThatIsNewOrChangedIsJudged() {
    var scaled = request("UPDATE", PRIVILEGED.replace("'replicas':1", "'replicas':2"));
    scaled.set("oldObject", SingleQuotedJson.read(PRIVILEGED));
    var changed = request("UPDATE", PRIVILEGED.replace("nginx", "nginx:2"));
    changed.set("oldObject", SingleQuotedJson.read(PRIVILEGED));
    var status = request("UPDATE", PRIVILEGED.replace("nginx", "nginx:2"));
    status.put("subResource", "status").set("oldObject", SingleQuotedJson.read(PRIVILEGED));

    assertThat(validate("strict", scaled)).isInstanceOf(Decision.Allowed.class);
    assertThat(validate("strict", changed)).isInstanceOf(Decision.Denied.class);
    assertThat(validate("strict", status)).isInstanceOf(Decision.Allowed.class);
  }

  @Test
  void whatAControllerOwnsAndWhatIsBeingDeletedPasses() {
    var owned =
        PRIVILEGED.replace(
            "'name':'web'}", "'name':'web','ownerReferences':[{'kind':'App','controller':true}]}");
    var ownedByNoController = owned.replace("'controller':true", "'controller':false");
    var leaving =
        PRIVILEGED.replaceFirst(
            "'name':'web'", "'name':'web','deletionTimestamp':'2026-11-21T00:00:00Z'");

    assertThat(validate("strict", request("CREATE", owned))).isInstanceOf(Decision.Allowed.class);
    var update = request("UPDATE", PRIVILEGED);
    update.set(
        "oldObject",
        SingleQuotedJson.read(leaving.replace("'privileged':true", "'privileged':false")));
    assertThat(validate("strict", update)).isInstanceOf(Decision.Allowed.class);
    assertThat(validate("strict", request("CREATE", leaving))).isInstanceOf(Decision.Denied.class);
    assertThat(validate("strict", request("CREATE", ownedByNoController)))
        .isInstanceOf(Decision.Denied.class);
  }

  @Test
  void aWorkloadWhosePodsAreTooLargePassesWithAWarning() {
    var container = "{'name':'web','image':'nginx','securityContext':{'privileged':true}}";
    var many = PRIVILEGED.replace(container, String.join(",", Collections.nCopies(501, container)));

    var decision = (Decision.Allowed) validate("strict", request("CREATE", many));

    assertThat(decision.warnings())
        .containsExactly(
            "neither fixed nor checked: the pod template is too large: it has more than 500"
                + " containers. Make it smaller, or split it into several pods; long strings belong"
                + " in a ConfigMap");
  }

  @Test
  void aTemplateThatCannotBeReadIsNoVerdictAndShowsNoValues() {
    var unreadable = PRIVILEGED.replace("{'privileged':true}", "'s3cr3t'");

    var decision = validate("strict", request("CREATE", unreadable));

    assertThat(((Decision.Failed) decision).message())
        .startsWith("spec.template.spec.containers[0].securityContext must be ")
        .doesNotContain("s3cr3t");
    assertThat(validate("strict", request("CREATE", "{'metadata':{},'spec':{'template':7}}")))
        .isInstanceOf(Decision.Allowed.class);
  }

  private static final String CRON_JOB =
      "{'metadata':{'name':'report'},'spec':{'schedule':'0 3 * * *','jobTemplate':{'spec':"
          + "{'template':{'metadata':{'labels':{'app':'report'}},"
          + "'spec':{'containers':[{'name':'web','image':'nginx'}]}}}}}}";
  private static final String ZONE =
      """
      profiles: {standard: {skippable: [Timezone], rules: {Timezone: {zone: Asia/Tokyo, cronJobs: true}}}}
      """;

  @Test
  void aCronJobIsGivenTheZoneWhereItNamesNone() {
    var cronJob = CRON_JOB;
    var on = ZONE;
    var audited = ZONE.replace("{zone", "{fix: audit, zone");

    var fixed = fix(on, cronJob);
    assertThat(String.valueOf(fixed.patch()))
        .isEqualTo("[{\"op\":\"add\",\"path\":\"/spec/timeZone\",\"value\":\"Asia/Tokyo\"}]");
    assertThat(fixed.auditAnnotations()).containsOnlyKeys("applied.Timezone");
    assertThat(fix(audited, cronJob).patch()).isNull();
    assertThat(fix(audited, cronJob).stats().audited()).containsExactly("Timezone");
    for (var left :
        List.of(
            cronJob.replace("'schedule':'", "'timeZone':'UTC','schedule':'"),
            cronJob.replace("'0 3", "'CRON_TZ=UTC 0 3"),
            cronJob.replace(
                "'report'}", "'report','ownerReferences':[{'kind':'App','controller':true}]}"))) {
      assertThat(fix(on, left).patch()).as(left).isNull();
    }
    assertThat(fix("", cronJob).patch()).as("by default").isNull();
  }

  @Test
  void aCronJobWhosePodsTheFixLeavesAloneIsLeftAlone() {
    var cronJob =
        "{'metadata':{'name':'report'},'spec':{'schedule':'0 3 * * *','jobTemplate':{'spec':{'template':"
            + "{'spec':{'priorityClassName':'batch'}}}}}}";
    var on =
        "profiles: {standard: {rules: {Timezone: {zone: Asia/Tokyo, cronJobs: true, except: {%s}}}}}";

    assertThat(fix(on.formatted(""), cronJob).patch()).isNotNull();
    assertThat(fix(on.formatted("ownerKinds: [Job]"), cronJob).patch()).isNull();
    assertThat(fix(on.formatted("priorityClasses: [batch]"), cronJob).patch()).isNull();
  }

  @Test
  void theAuthorLearnsWhatAFixLeavesToTheirPods() {
    var plain = PRIVILEGED.replace(",'securityContext':{'privileged':true}", "");
    var except =
        "profiles: {standard: {rules: {SeccompProfile: {except: {ownerKinds: [ReplicaSet]}}}}}";

    assertThat(((Decision.Allowed) validate(except, "standard", plain)).warnings())
        .anyMatch(warning -> warning.startsWith("[SeccompProfile] "));
    assertThat(((Decision.Allowed) validate("", "standard", plain)).warnings())
        .noneMatch(warning -> warning.startsWith("[SeccompProfile] "));
  }

  @Test
  void whatKeepsTheZoneFromItsPodsKeepsItFromACronJob() {
    var exemption =
        ZONE
            + "exemptions: [{rules: [Timezone], namespaces: [shop], pods: {matchLabels: {app: report}},"
            + " reason: r, approvedBy: a}]";
    var skipping =
        CRON_JOB.replace(
            "'labels'", "'annotations':{'gambeson.dev/skip-fixes':'Timezone'},'labels'");

    var exempted = fix(exemption, CRON_JOB);
    assertThat(exempted.patch()).isNull();
    assertThat(exempted.auditAnnotations()).containsOnlyKeys("exempted.Timezone");
    for (var other :
        List.of("pods: {matchLabels: {app: other}}", "containers: [web]", "users: [alice]")) {
      assertThat(
              fix(exemption.replace("pods: {matchLabels: {app: report}}", other), CRON_JOB).patch())
          .as(other)
          .isNotNull();
    }
    assertThat(fix(ZONE, skipping).patch()).isNull();
    assertThat(fix(ZONE, skipping).auditAnnotations()).isEmpty();
  }

  private static Decision.Allowed fix(String configuration, String cronJob) {
    var request = request("UPDATE", cronJob);
    request.putObject("kind").put("group", "batch").put("version", "v1").put("kind", "CronJob");
    return (Decision.Allowed) handle(configuration, Webhook.MUTATE, "standard", request);
  }

  private static Decision validate(String profile, ObjectNode request) {
    return validate("", profile, request);
  }

  private static Decision validate(String configuration, String profile, String object) {
    return validate(configuration, profile, request("CREATE", object));
  }

  private static Decision validate(String configuration, String profile, ObjectNode request) {
    return handle(configuration, Webhook.VALIDATE, profile, request);
  }

  private static Decision handle(
      String configuration, Webhook webhook, String profile, ObjectNode request) {
    var review =
        MAPPER
            .createObjectNode()
            .put("apiVersion", "admission.k8s.io/v1")
            .put("kind", "AdmissionReview");
    review.set("request", request);
    try {
      var loaded =
          ConfigurationLoader.load(
              "apiVersion: gambeson.dev/v1alpha1\nkind: GambesonConfig\n" + configuration, "test");
      return new AdmissionPipeline(() -> loaded, InstantSource.system(), CODEC)
          .handle(
              new Route(webhook, profile, PodSecurityLevel.PRIVILEGED),
              CODEC.decode(review.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (ConfigurationException | MalformedReviewException e) {
      throw new AssertionError(e);
    }
  }

  private static ObjectNode request(String operation, String deployment) {
    var request =
        MAPPER
            .createObjectNode()
            .put("uid", "705ab4f5-6393-11e8-b7cc-42010a800002")
            .put("operation", operation)
            .put("namespace", "shop");
    request.putObject("kind").put("group", "apps").put("version", "v1").put("kind", "Deployment");
    request.set("object", SingleQuotedJson.read(deployment));
    return request;
  }
}
