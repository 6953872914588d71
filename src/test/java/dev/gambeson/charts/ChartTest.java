package dev.gambeson.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.Helm;
import dev.gambeson.Generated;
import dev.gambeson.admission.ReviewCodec;
import dev.gambeson.admission.TemplateReviewer;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Requester;
import dev.gambeson.verdict.FixResult;
import dev.gambeson.yaml.TestYaml;
import dev.gambeson.yaml.YamlReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the chart installs, with its default values and with each of its options. */
class ChartTest {
  private static final Pattern PROJECT_VERSION =
      Pattern.compile("<artifactId>gambeson</artifactId>\\s*<version>(.+?)</version>");

  @Test
  void lintFindsNoError() {
    var result = new Helm(Chart.FOLDER).lint().call();
    assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
  }

  /** In this order: Helm checks the values against the schema before it renders anything. */
  @Test
  @Tag(Generated.TAG)
  void theSchemaAndTheDefaultRenderingAreAsReviewed() throws Exception {
    var zones = Zones.ofTheChart();
    var newer = Zones.ofThisJdk();
    if (Generated.isUpdate() && newer.version().compareTo(zones.version()) > 0) {
      zones = newer;
    }
    Generated.assertUpToDate(
        Chart.FOLDER.resolve("values.schema.json"), ChartValues.read().schema(zones));
    Generated.assertUpToDate(
        Path.of("src/test/resources/charts/default.yaml"), Chart.render(Chart.NAMESPACE, ""));
  }

  @Test
  void itsVersionIsTheProjects() throws Exception {
    var project = PROJECT_VERSION.matcher(Files.readString(Path.of("pom.xml")));
    assertThat(project.find()).isTrue();
    var chart = TestYaml.value(Files.readString(Chart.FOLDER.resolve("Chart.yaml")));
    assertThat(chart.path("appVersion").asText()).isEqualTo(project.group(1));
    assertThat(chart.path("version").asText()).isEqualTo(project.group(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          certs: {mode: certManager, certManager: {issuerRef: {name: i, kind: Issuer}}} | Certificate
          autoscaling: {enabled: true}                | HorizontalPodAutoscaler
          metrics: {serviceMonitor: {enabled: true}}  | ServiceMonitor
          metrics: {prometheusRule: {enabled: true}}  | PrometheusRule
          lxcfs: {enabled: true}                      | DaemonSet
          profileAuthorization: {enabled: true}       | ValidatingAdmissionPolicy
          profileAuthorization: {enabled: true}       | ValidatingAdmissionPolicyBinding
          """)
  void anOptionAddsItsObjects(String values, String kind) throws Exception {
    assertThat(Chart.objects("", kind)).isEmpty();
    assertThat(Chart.objects(values, kind)).hasSize(1);
  }

  @Test
  void certManagerSignsWithAnAuthorityThatStays() throws Exception {
    var values = "certs: {mode: certManager}";
    assertThat(Chart.objects(values, "Issuer"))
        .extracting(issuer -> issuer.at("/spec/ca/secretName").asText())
        .containsExactlyInAnyOrder("", "gambeson-ca");
    var certificates = Chart.objects(values, "Certificate");
    assertThat(certificates)
        .extracting(
            certificate -> certificate.at("/metadata/name").asText(),
            certificate -> certificate.at("/spec/isCA").asBoolean(),
            certificate -> certificate.at("/spec/privateKey/rotationPolicy").asText(),
            certificate -> certificate.at("/spec/issuerRef/name").asText())
        .containsExactlyInAnyOrder(
            tuple("gambeson-ca", true, "Never", "gambeson-self-signed"),
            tuple("gambeson", false, "Always", "gambeson-ca"));
  }

  @Test
  void longNamesStayWithinTheirBounds() throws Exception {
    var values =
        """
        certs: {mode: certManager}
        metrics: {dashboard: {enabled: true}}
        autoscaling: {enabled: true}
        profileAuthorization: {enabled: true}
        """;
    var objects = Chart.objects(Chart.render("r".repeat(53), Chart.NAMESPACE, values));
    assertThat(objects)
        .allSatisfy(object -> {
          var metadata = object.path("metadata");
          if (metadata.has("namespace")) {
            assertThat(metadata.path("name").asText())
                .matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
          }
          assertThat(metadata.path("labels").valueStream().map(JsonNode::asText))
              .allMatch(label -> label.length() <= 63);
        });
    assertThat(objects)
        .extracting(
            object -> object.path("kind").asText() + "/" + object.at("/metadata/name").asText())
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          networkPolicy: {enabled: false}        | NetworkPolicy
          podDisruptionBudget: {enabled: false}  | PodDisruptionBudget
          mtls: {enabled: true, configMapName: c} | Pod
          certs: {mode: provided, provided: {secretName: s}} | Pod
          resourceQuota: {enabled: false}        | ResourceQuota
          priorityClassName: important           | ResourceQuota
          priorityClassName: ''                  | ResourceQuota
          rbac: {create: false}                  | RoleBinding
          rbac: {create: false}                  | ClusterRole
          """)
  void whatIsSwitchedOffIsNotThere(String values, String kind) throws Exception {
    assertThat(Chart.objects(values, kind)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                       | system-cluster-critical
          priorityClassName: system-node-critical                  | system-node-critical
          {lxcfs: {enabled: true}, priorityClassName: important}   | system-node-critical
          """)
  void aQuotaNamesTheSystemsPriorityClasses(String values, String priorityClass) throws Exception {
    assertThat(
            Chart.object(values, "ResourceQuota")
                .at("/spec/scopeSelector/matchExpressions/0/values")
                .valueStream()
                .map(JsonNode::asText))
        .containsExactly(priorityClass);
  }

  @Test
  void nobodyMayReadTheClusterUnlessAskedFor() throws Exception {
    var reads = "gambeson-reviewer.gambeson-system";
    assertThat(Chart.render(Chart.NAMESPACE, "{}")).doesNotContain(reads);
    assertThat(Chart.render(Chart.NAMESPACE, "rbac: {create: false, reviewer: true}"))
        .containsOnlyOnce(reads);
  }

  @Test
  void withoutRolesTheUninstallationActsAsTheReplicas() throws Exception {
    var values = "{rbac: {create: false}, serviceAccount: {create: false, name: mine}}";
    assertThat(Chart.objects(values, "ServiceAccount")).isEmpty();
    assertThat(Chart.object(values, "Job").at("/spec/template/spec/serviceAccountName").asText())
        .isEqualTo("mine");
  }

  @ParameterizedTest
  @CsvSource({"Deployment, /spec/template/spec", "Job, /spec/template/spec", "Pod, /spec"})
  void everyPodGoesWhereTheValuesSay(String kind, String spec) throws Exception {
    var values =
        """
        priorityClassName: system-node-critical
        nodeSelector: {pool: system}
        tolerations: [{operator: Exists}]
        """;
    var pod = Chart.object(values, kind).at(spec);
    assertThat(pod.path("priorityClassName").asText()).isEqualTo("system-node-critical");
    assertThat(pod.at("/nodeSelector/pool").asText()).isEqualTo("system");
    assertThat(pod.at("/tolerations/0/operator").asText()).isEqualTo("Exists");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          replicaCount: 0                                       | there is no replica
          replicaCount: 1                                       | with one replica
          podDisruptionBudget: {enabled: false}                 | without a PodDisruptionBudget
          metrics: {serviceMonitor: {enabled: true}}            | networkPolicy.metricsFrom
          certs: {mode: provided, provided: {secretName: tls}}  | certs.provided.caBundle is empty
          """)
  void theNotesWarn(String values, String warning) throws Exception {
    assertThat(Chart.notes("")).contains("Gambeson").doesNotContain("WARNING");
    assertThat(Chart.notes(values)).contains("WARNING").contains(warning);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                       | [{ports: [{port: 443, protocol: TCP}, {port: 6443, protocol: TCP}]}, {ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]}]
          {ports: [16443], dnsPorts: []}           | [{ports: [{port: 16443, protocol: TCP}]}]
          {cidrs: [10.0.0.0/28, 'fd00::/64'], dnsPorts: []} | [{ports: [{port: 443, protocol: TCP}, {port: 6443, protocol: TCP}], to: [{ipBlock: {cidr: 10.0.0.0/28}}, {ipBlock: {cidr: 'fd00::/64'}}]}]
          """)
  void replicasReachTheApiServerAndDnsOnly(String egress, String rules) throws Exception {
    var policy = Chart.object("networkPolicy: {egress: %s}".formatted(egress), "NetworkPolicy");
    assertThat(policy.at("/spec/policyTypes").valueStream().map(JsonNode::asText))
        .containsExactly("Ingress", "Egress");
    assertThat(policy.at("/spec/egress")).isEqualTo(TestYaml.value(rules));
  }

  @Test
  void replicasReachWhatTheyLikeWhereEgressIsNotRestricted() throws Exception {
    var policy = Chart.object("networkPolicy: {egress: {enabled: false}}", "NetworkPolicy");
    assertThat(policy.at("/spec/policyTypes").valueStream().map(JsonNode::asText))
        .containsExactly("Ingress");
    assertThat(policy.path("spec").has("egress")).isFalse();
  }

  @Test
  void onlyAChangeOfTheProfileReachesThePolicyThatGuardsIt() throws Exception {
    var spec =
        Chart.object("profileAuthorization: {enabled: true}", "ValidatingAdmissionPolicy")
            .path("spec");
    assertThat(spec.path("failurePolicy").asText()).isEqualTo("Fail");
    assertThat(spec.path("matchConditions")).hasSize(1);
  }

  /** So that who builds an image can name the base image by its digest. */
  @ParameterizedTest
  @ValueSource(strings = {"Dockerfile", "lxcfs/Dockerfile"})
  void everyBaseImageIsAnArgument(String dockerfile) throws Exception {
    var lines = Files.readAllLines(Path.of(dockerfile));
    assertThat(lines).filteredOn(line -> line.startsWith("ARG BASE=")).hasSize(1);
    assertThat(lines)
        .filteredOn(line -> line.startsWith("FROM "))
        .isNotEmpty()
        .allMatch(line -> line.matches("FROM (scratch|[$]BASE|application)( AS .*)?"));
  }

  /** Otherwise the JVM ignores its cache. */
  @Test
  void theCacheOfTheImageIsMadeWithTheOptionsThatTheImageRunsWith() throws Exception {
    var dockerfile = Files.readString(Path.of("Dockerfile"));
    var training = options(dockerfile, "RUN");
    assertThat(training).contains("-XX:AOTCacheOutput=/tmp/gambeson.aot");
    assertThat(training)
        .filteredOn(option -> !option.matches("-XX:(AOTCacheOutput|MaxRAM)=.*"))
        .isEqualTo(
            options(dockerfile, "ENTRYPOINT").stream()
                .filter(option -> !option.startsWith("-XX:AOTCache="))
                .toList());
  }

  private static List<String> options(String dockerfile, String instruction) {
    var command =
        Pattern.compile(instruction + " \\[\"/opt/java/bin/java\", (.*), \"-jar\"")
            .matcher(dockerfile);
    assertThat(command.find()).isTrue();
    return List.of(command.group(1).replace("\"", "").split(", "));
  }

  @Test
  void theDashboardIsJson() throws Exception {
    var dashboard =
        Chart.objects("metrics: {dashboard: {enabled: true}}", "ConfigMap").stream()
            .filter(object -> object.at("/metadata/labels").has("grafana_dashboard"))
            .findFirst()
            .orElseThrow();
    var json = YamlReader.readAll(dashboard.at("/data/gambeson.json").asText());
    assertThat(json.getFirst().value().path("panels")).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          replicaCount: 5                                     | /spec/replicas | 5
          autoscaling: {enabled: true}                        | /spec/replicas | ''
          image: {tag: v1}                                    | /spec/template/spec/containers/0/image | gambeson:v1
          image: {tag: v1, digest: 'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'} | /spec/template/spec/containers/0/image | gambeson@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
          containerPort: 10250                                | /spec/template/spec/containers/0/ports/0/containerPort | 10250
          containerPort: 10250                                | /spec/template/spec/containers/0/args/1 | --https-port=10250
          terminationGracePeriodSeconds: 60                   | /spec/template/spec/containers/0/args/3 | --drain=45
          hostNetwork: true                                   | /spec/template/spec/hostNetwork | true
          hostNetwork: true                                   | /spec/template/spec/dnsPolicy | ClusterFirstWithHostNet
          hostNetwork: true                                   | /spec/strategy/rollingUpdate/maxSurge | 0
          hostNetwork: true                                   | /spec/strategy/rollingUpdate/maxUnavailable | 1
          hostNetwork: false                                  | /spec/strategy/rollingUpdate/maxUnavailable | 0
          containerPort: 443                                  | /spec/template/spec/securityContext/sysctls/0/name | net.ipv4.ip_unprivileged_port_start
          managementPort: 80                                  | /spec/template/spec/securityContext/sysctls/0/value | 0
          containerPort: 1024                                 | /spec/template/spec/securityContext/sysctls | ''
          certs: {mode: provided, provided: {secretName: s}}  | /spec/template/spec/volumes/1/secret/secretName | s
          certs: {mode: certManager}                          | /spec/template/spec/volumes/1/secret/secretName | gambeson-tls
          mtls: {enabled: true, configMapName: c}             | /spec/template/spec/volumes/1/configMap/name | c
          podSecurityContext: {runAsUser: null}               | /spec/template/spec/securityContext/runAsUser | ''
          securityContext: {privileged: false}                | /spec/template/spec/containers/0/securityContext/privileged | false
          revisionHistoryLimit: 2                             | /spec/revisionHistoryLimit | 2
          serviceAccount: {create: false, name: mine}         | /spec/template/spec/serviceAccountName | mine
          fullnameOverride: padding                           | /metadata/name | padding
          """)
  void theDeploymentFollowsTheValues(String values, String pointer, String expected)
      throws Exception {
    assertThat(Chart.object(values, "Deployment").at(pointer).asText()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "timezone: Asia/Shanghai",
        "configuration: {defaultProfile: observe, profiles: {standard: {rules: {Probes: {check: warn}}}}}",
        "configuration: {exemptions: [{rules: [Probes], namespaces: [a], reason: r, approvedBy: b}]}",
      })
  void theConfigurationIsValid(String values) throws Exception {
    assertThat(ConfigurationLoader.load(configuration(values), "the ConfigMap")).isNotNull();
  }

  @Test
  void theTimeZoneAndTheConfigurationAreMerged() throws Exception {
    var rules =
        TestYaml.value(
                configuration(
                    """
                    timezone: Asia/Shanghai
                    configuration: {profiles: {standard: {rules: {Timezone: {fix: audit}}}}}
                    """))
            .at("/profiles/standard/rules/Timezone");
    assertThat(rules.path("zone").asText()).isEqualTo("Asia/Shanghai");
    assertThat(rules.path("fix").asText()).isEqualTo("audit");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "profiles: null",
        "profiles: {standard: null}",
        "profiles: {standard: {rules: null}}",
        "profiles: {standard: {rules: {Timezone: null}}}",
        "profiles: {standard: {rules: {Timezone: {zone: null}}}}",
      })
  void aNullDoesNotLoseTheTimeZone(String configuration) throws Exception {
    assertThat(
            configuration(
                "{timezone: Asia/Shanghai, configuration: {%s}}".formatted(configuration)))
        .contains("zone: Asia/Shanghai");
  }

  @Test
  void theDeploymentPassesStrictAndRestricted() throws Exception {
    var configuration = ConfigurationLoader.load(configuration(""), "the ConfigMap");
    var review =
        new TemplateReviewer(true, Instant.now(), Requester.UNKNOWN, new ReviewCodec())
            .review(
                "apps/v1",
                "Deployment",
                Chart.object("", "Deployment"),
                Chart.NAMESPACE,
                configuration.choose("strict").orElseThrow(),
                PodSecurityLevel.RESTRICTED)
            .orElseThrow();
    assertThat(review.findings()).isEmpty();
    // A replica drains by itself.
    assertThat(review.fixed()).extracting(FixResult::rule).isSubsetOf("PreStopDelay");
  }

  private static String configuration(String values) throws Exception {
    return Chart.object(values, "ConfigMap").at("/data/gambeson.yaml").asText();
  }
}
