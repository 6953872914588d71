package dev.gambeson.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.report.TextReport.Detail;
import dev.gambeson.review.ManifestReview;
import dev.gambeson.review.Manifests;
import dev.gambeson.review.Review;
import dev.gambeson.review.ReviewTerms;
import dev.gambeson.rule.Requester;
import dev.gambeson.rules.Rules;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Help.Ansi;

class TextReportTest {
  private static final String RULES =
      """
      profiles:
        p:
          extends: none
          podSecurity: {enforce: baseline, warn: baseline, audit: baseline, version: v1.36}
          rules:
            Timezone: {fix: apply, zone: Asia/Shanghai}
            ServiceLinks: {fix: audit}
            Resources: {fix: apply, requests: {cpu: 100m, memory: 128Mi}}
            Probes: {check: warn, enforceFrom: 2027-03-01, require: [readiness]}
            ImageTag: {check: audit}
      """;

  private static final String AGENT =
      """
      # The agent of the network.
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent, namespace: net}
      spec:
        selector: {matchLabels: {app: agent}}
        template:
          metadata: {labels: {app: agent}}
          spec:
            initContainers:
            - name: setup
              image: setup:1
              resources: {limits: {cpu: 1}}
            containers:
            - name: main
              image: agent
              ports:
              - containerPort: 80
                hostPort: 8080
              securityContext:
                privileged: true
            volumes:
            - name: tmp
              emptyDir: {}
            - name: cni
              hostPath: {path: /opt/cni}
      """;

  @Test
  void theVerdictIsFirstThenByContainerWhatIsEnforcedThenWhatIsWarnedOf() {
    var text = text(RULES, Detail.NORMAL, 100, AGENT);

    assertThat(text.substring(0, text.indexOf("\nWhy ")))
        .isEqualTo(
            """
            REFUSED DaemonSet net/agent (a.yaml:2, profile p): 3 violations, 1 warning
              pod
                enforce [HostPathVolumes] spec.volumes[1].hostPath: found /opt/cni in volume "cni", wanted no
                        hostPath volume: an emptyDir or a persistentVolumeClaim, for example
                        a.yaml:26: remove spec.volumes[1] (cni) and its mounts
              container "main"
                enforce [Privileged] securityContext.privileged: found true, wanted false
                        a.yaml:21: set it to false
                enforce [HostPorts] ports[0].hostPort: found 8080, wanted no host port: a Service can reach the
                        container
                        a.yaml:19: remove it
                warn    [Probes] readinessProbe: found nothing, wanted a probe that tells when the container can
                        serve (enforced from 2027-03-01)
                        a.yaml:15
                fixed   [Timezone] env TZ=Asia/Shanghai
                fixed   [Resources] resources.requests cpu=100m, memory=128Mi (risk: scheduling)
              init container "setup"
                fixed   [Timezone] env TZ=Asia/Shanghai
                fixed   [Resources] resources.requests.memory=128Mi (risk: scheduling)
              Only audited: 1 fix, 1 finding (see --verbose)
              With the YAML below, a container may not start, or not work, if it needs the volume; if it needs
              to be privileged.
              To fix, set:
              spec:
                template:
                  spec:
                    volumes:
                    - name: cni # remove
                    containers:
                    - name: main
                      securityContext:
                        privileged: false
                      ports:
                      - containerPort: 80
                        hostPort: null # remove
              If the pod needs what is refused, only an exemption can help: gambeson review --suggest-exemption
              prints the one to ask for.
            """);
    assertThat(text)
        .endsWith("\n\n1 object with a pod: 1 refused, 0 changed, 0 unchanged; 1 warning\n");
  }

  @Test
  void whyIsSaidOnceOfEachRuleThatIsNamed() {
    var text = text(RULES, Detail.NORMAL, 200, AGENT, AGENT);

    assertThat(text.substring(text.indexOf("\nWhy ")).lines().toList())
        .filteredOn(line -> line.startsWith("  "))
        .extracting(line -> line.strip().replaceFirst(" .*", ""))
        .containsExactly(
            "Timezone", "Resources", "Privileged", "HostPathVolumes", "HostPorts", "Probes");
    assertThat(text).contains("  HostPorts        " + summary("HostPorts"));
  }

  private static String summary(String rule) {
    return RuleDescription.summaryOf(Rules.named(rule).orElseThrow());
  }

  @Test
  void quietShowsWhatIsRefusedAndTheSummary() {
    var text =
        text(RULES, Detail.QUIET, 100, AGENT, AGENT.replaceAll("(hostPort|hostPath|priv).*", ""));

    assertThat(text)
        .contains("REFUSED DaemonSet", "enforce [Privileged]", "To fix, set:")
        .doesNotContain("RUNS", "warn  ", "fixed  ", "Only audited", "  Timezone")
        .endsWith("\n2 objects with a pod: 1 refused, 1 changed, 0 unchanged; 2 warnings\n");
  }

  @Test
  void verboseShowsWhatIsOnlyAudited() {
    var text = text(RULES, Detail.VERBOSE, 100, AGENT);

    assertThat(text)
        .contains(
            "audit   [ServiceLinks] would set spec.enableServiceLinks=false",
            "audit   [ImageTag] image: found agent",
            "Not in the YAML below, for only you can decide: Probes.")
        .doesNotContain("see --verbose");
  }

  @Test
  void whatIsInOrderIsOneLine() {
    var fine =
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: a}]}\n";

    assertThat(text("profiles: {p: {extends: none}}\n", Detail.NORMAL, 100, fine))
        .isEqualTo(
            """
            RUNS Pod default/a (a.yaml:1, profile p)

            1 object with a pod: 0 refused, 0 changed, 1 unchanged; 0 warnings
            """);
  }

  /** A fix that puts an init container before the author's moves all of them. */
  @Test
  void linesAreThoseOfTheManifestWhateverFixesInsert() {
    var sidecar =
        """
        profiles:
          p:
            extends: none
            podSecurity: {enforce: baseline, version: v1.36}
            rules:
              Sidecars:
                fix: apply
                sidecars:
                  proxy: {pods: {matchLabels: {app: agent}}, type: native, container: {image: "proxy:1"}}
        """;
    var agent =
        AGENT.replace(
            "image: setup:1", "image: setup:1\n        securityContext: {privileged: true}");

    assertThat(text(sidecar, Detail.NORMAL, 120, agent))
        .contains(
            """
              init container "setup"
                enforce [Privileged] securityContext.privileged: found true, wanted false
                        a.yaml:13: set it to false
            """)
        .contains("fixed   [Sidecars] spec.initContainers {");
  }

  @Test
  void aRewrittenValueIsToldWithWhatItWas() {
    var registry =
        """
        profiles:
          p: {extends: none, rules: {ImageRegistry: {fix: apply, mirrors: [{from: docker.io, to: mirror.example.com}]}}}
        """;

    assertThat(text(registry, Detail.NORMAL, 120, AGENT))
        .contains("[ImageRegistry] image=mirror.example.com/library/agent (was agent)");
  }

  @Test
  void aValueIsNeverCutWithoutAWord() {
    var image = "registry.example.com/" + "very/long/".repeat(30) + "image";
    var agent = AGENT.replace("image: agent", "image: " + image);
    var tags = "profiles: {p: {extends: none, rules: {ImageTag: {check: warn}}}}\n";
    var spread =
        """
        profiles: {p: {extends: none, rules: {PodAntiAffinity: {fix: apply}}}}
        """;
    var replicas =
        AGENT
            .replace("DaemonSet", "Deployment")
            .replace("spec:\n  sel", "spec:\n  replicas: 3\n  sel");

    assertThat(text(tags, Detail.NORMAL, 80, agent).replaceAll("\n +", "")).contains(image);
    assertThat(text(spread, Detail.NORMAL, 80, replicas.replace("agent}", "a".repeat(60) + "}")))
        .containsPattern("=\\(\\d+ characters: --verbose\\s+shows them\\)");
    assertThat(text(spread, Detail.VERBOSE, 80, replicas).replaceAll("\n +", ""))
        .contains("topologyKey: kubernetes.io/hostname");
  }

  @Test
  void anExemptedFindingHasItsReasonAndItsEnd() {
    var exempted =
        RULES
            + """
            exemptions:
            - {rules: [HostPorts], namespaces: [net], reason: the node's DNS, approvedBy: ops@example.com, expires: 2027-03-31}
            """
                .indent(0);

    assertThat(text(exempted, Detail.NORMAL, 200, AGENT))
        .contains(
            "exempt  [HostPorts] ports[0].hostPort: found 8080, wanted no host port: a Service can reach the container"
                + " (exempted, approved by ops@example.com until 2027-03-31: the node's DNS)");
  }

  @Test
  void anExemptionIsHintedAtWhereAPodMayNeedWhatItAsks() {
    var port =
        AGENT
            .replaceAll("(hostPath|priv).*", "")
            .replace("securityContext:", "")
            .replace("- name: cni", "");

    assertThat(text(RULES, Detail.NORMAL, 200, AGENT)).contains("--suggest-exemption");
    assertThat(text(RULES, Detail.NORMAL, 200, port))
        .contains("REFUSED", "[HostPorts]")
        .doesNotContain("--suggest-exemption");
  }

  /** As those of a Knative Service may be. */
  @Test
  void containersWithoutANameAreToldApart() {
    var service =
        """
        apiVersion: serving.knative.dev/v1
        kind: Service
        metadata: {name: kn}
        spec:
          template:
            spec:
              containers:
              - image: a
              - {image: b, securityContext: {privileged: true}}
        """;

    assertThat(text(RULES, Detail.NORMAL, 100, service))
        .contains(
            """
              containers[1]
                enforce [Privileged] securityContext.privileged: found true, wanted false
                        a.yaml:9: set it to false
            """)
        .contains("  containers[0]\n", "    fixed   [Timezone] env TZ=Asia/Shanghai\n");
  }

  @Test
  void aFileAndItsLineAreNeverBroken() {
    var name = "manifests/" + "a-long-name/".repeat(12) + "web.yaml";
    var manifests = new Manifests();
    manifests.add(name, AGENT);
    var terms =
        new ReviewTerms(
            Reviews.configuration(RULES), null, "default", Reviews.NOW, Requester.UNKNOWN, false);

    assertThat(text(ManifestReview.of(manifests, terms), Detail.NORMAL, 80))
        .contains(name + ":2,\n", name + ":21:\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 40, 80, 100, 200})
  void linesFit(int columns) throws IOException {
    var texts = new ArrayList<>(List.of(Reviews.manifests()));
    texts.add(
        AGENT
            .replace("image: agent", "image: \"" + "漢".repeat(150) + "\"")
            .replace("name: main", "name: " + "m".repeat(63)));
    var configuration = Reviews.configuration("enforcement: warn\n");
    var review = Reviews.of(configuration, "strict", texts.toArray(String[]::new));

    var text = text(review, Detail.NORMAL, columns);

    assertThat(text.lines().count()).isGreaterThan(texts.size());
    assertThat(text.lines())
        .allSatisfy(
            line -> assertThat(TextLayout.width(line)).isLessThanOrEqualTo(Math.max(columns, 40)));
  }

  @Test
  void onlyLabelsHaveColours() {
    var review = Reviews.of(Reviews.configuration(RULES), "p", AGENT);

    var coloured = new TextReport(100, Detail.NORMAL, Ansi.ON).write(review);

    assertThat(coloured).contains("\u001b[1m\u001b[31mREFUSED ");
    assertThat(coloured.replaceAll("\u001b\\[[0-9;]*m", ""))
        .isEqualTo(text(review, Detail.NORMAL, 100));
  }

  private static String text(String rules, Detail detail, int columns, String... manifests) {
    return text(Reviews.of(Reviews.configuration(rules), "p", manifests), detail, columns);
  }

  private static String text(Review review, Detail detail, int columns) {
    return new TextReport(columns, detail, Ansi.OFF).write(review);
  }
}
