package dev.gambeson.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.config.ConfigurationWriter;
import dev.gambeson.pod.PodGenerator;
import dev.gambeson.pod.PodTemplate;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Requester;
import dev.gambeson.rule.Violation;
import dev.gambeson.verdict.Configuration;
import dev.gambeson.verdict.Exemption;
import dev.gambeson.verdict.Finding;
import dev.gambeson.yaml.TestYaml;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a proposed exemption lets pass once it is filled in: what it was proposed for. */
class ExemptionProposalTest {
  private static final int PODS = 200;
  private static final ReviewCodec CODEC = new ReviewCodec();

  /** Late enough for every rule of the file to be enforced. */
  private static final Instant NOW = Instant.parse("2027-06-30T12:00:00Z");

  private static final Configuration CONFIGURATION = everyOption();

  private static final String AGENT =
      """
      metadata: {labels: {app: agent, pod-template-hash: 5d4f8c7b9, helm.sh/chart: agent-1.2.0}}
      spec:
        hostPID: true
        volumes:
        - {name: logs, hostPath: {path: /var/log}}
        - {name: state, hostPath: {path: /var/lib/agent}}
        containers:
        - name: agent
          image: registry.example/agent:1.2
          securityContext: {capabilities: {add: [SYS_TIME]}}
          volumeMounts:
          - {name: logs, mountPath: /logs, readOnly: true}
          - {name: state, mountPath: /state}
        - name: root
          image: registry.example/root:1.2
          securityContext: {privileged: true}
        - name: probe
          image: registry.example/probe:1.2
          securityContext: {seccompProfile: {type: Unconfined}}
      """;

  @ParameterizedTest
  @ValueSource(strings = {"standard", "strict", "all"})
  void whatIsProposedLetsPassAllThatAnExemptionCan(String profile) throws Exception {
    var all = new HashSet<Exemption>();
    for (long seed = 0; seed < PODS; seed++) {
      var pod = PodGenerator.pod(seed);
      var proposal = propose(profile, pod);
      var exemptions = proposal.exemptions().keySet();

      assertThat(enforced(review(profile, "shop", pod, exemptions)))
          .as("what remains of the pod of seed %d", seed)
          .isEqualTo(violations(proposal.remainder()));
      for (var exemption : exemptions) {
        var others = new HashSet<>(exemptions);
        others.remove(exemption);
        assertThat(enforced(review(profile, "shop", pod, others)))
            .as("what remains of the pod of seed %d without %s", seed, exemption)
            .hasSizeGreaterThan(proposal.remainder().size());
      }
      all.addAll(exemptions);
    }
    assertThat(all).hasSizeGreaterThan(PODS / 10);
    assertThat(filledIn(all)).as("as the configuration has them").hasSameSizeAs(all);
  }

  @Test
  void theConfigurationRefusesItUntilSomebodySaysWhyAndAnswersForIt() throws Exception {
    for (var exemption : propose("standard", TestYaml.value(AGENT)).exemptions().keySet()) {
      assertThatThrownBy(() -> load(ConfigurationWriter.form(exemption)))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("reason: is empty: say why pods need it");
    }
  }

  @Test
  void itIsBoundedToWhatWasFound() throws Exception {
    var forms =
        propose("standard", TestYaml.value(AGENT)).exemptions().keySet().stream()
            .map(ConfigurationWriter::form);

    assertThat(forms)
        .allSatisfy(form ->
            assertThat(form)
                .contains(
                    """
                      namespaces:
                      - shop
                      pods:
                        matchLabels:
                          app: agent
                    """)
                .endsWith(
                    """
                      reason: ''      # FILL IN: why the pods need it
                      approvedBy: ''  # FILL IN: who answers for it
                      expires: '2027-09-28'
                    """))
        .anySatisfy(form ->
            assertThat(form).contains("values:\n    paths:\n    - /var/log\n    readOnly: true\n"))
        .anySatisfy(form ->
            assertThat(form)
                .contains("values:\n    paths:\n    - /var/lib/agent\n    readOnly: false\n"))
        .anySatisfy(form -> assertThat(form).contains("values:\n    fields:\n    - hostPID\n"))
        .anySatisfy(form ->
            assertThat(form)
                .contains("containers:\n  - agent\n  images:\n  - registry.example/agent:*\n")
                .contains("values:\n    add:\n    - SYS_TIME\n"))
        .anySatisfy(form ->
            assertThat(form)
                .contains("containers:\n  - root\n")
                .contains("values:\n    images:\n    - registry.example/root:1.2\n"))
        .anySatisfy(form ->
            assertThat(form)
                .startsWith("- rules:\n  - SeccompProfile\n")
                .contains("containers:\n  - probe\n  images:\n  - registry.example/probe:*\n"))
        .hasSize(6);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          app: agent,                               | app: other,
          hostPID: true                             | hostIPC: true
          /var/log}                                 | /var}
          /var/lib/agent}                           | /var/lib}
          readOnly: true}                           | readOnly: false}
          add: [SYS_TIME]                           | add: [SYS_TIME, SYS_ADMIN]
          name: agent\\n                             | name: other\\n
          registry.example/agent                    | registry.example/other
          registry.example/root:1.2                 | registry.example/root:1.3
          {seccompProfile: {type: Unconfined}}      | {seLinuxOptions: {user: root}}
          {name: logs, hostPath: {path: /var/log}}  | {name: etc, hostPath: {path: /etc}}
          """)
  void itLetsPassNothingElse(String found, String broader) throws Exception {
    var exemptions = propose("standard", TestYaml.value(AGENT));
    var filledIn = filledIn(exemptions.exemptions().keySet());
    var other = AGENT.replace(found.translateEscapes(), broader.translateEscapes());

    assertThat(other).isNotEqualTo(AGENT);
    assertThat(review("standard", "shop", TestYaml.value(AGENT), filledIn).allowed()).isTrue();
    assertThat(review("standard", "shop", TestYaml.value(other), filledIn).allowed()).isFalse();
    assertThat(review("standard", "other", TestYaml.value(AGENT), filledIn).allowed()).isFalse();
  }

  @Test
  void aNewVersionOfTheImagePassesSaveWhereItIsTheBound() throws Exception {
    var exemptions = propose("standard", TestYaml.value(AGENT));
    var filledIn = filledIn(exemptions.exemptions().keySet());
    var newer =
        AGENT
            .replace("agent:1.2", "agent:1.3")
            .replace("probe:1.2", "probe:1.3")
            .replace("agent-1.2.0", "agent-1.3.0");

    assertThat(review("standard", "shop", TestYaml.value(newer), filledIn).allowed()).isTrue();
  }

  @Test
  void itIsForTheUserWhoCreatesAPodAndForNoneWhoCreatesAWorkload() throws Exception {
    var alice = new Requester("alice", Set.of("developers"));
    var deployment =
        TestYaml.value("metadata: {name: agent}\nspec:\n  template:\n" + AGENT.indent(4));

    assertThat(propose(alice, "v1", "Pod", "standard", TestYaml.value(AGENT)).exemptions().keySet())
        .isNotEmpty()
        .allSatisfy(exemption -> assertThat(exemption.users()).containsExactly("alice"));
    assertThat(
            propose(alice, "apps/v1", "Deployment", "standard", deployment).exemptions().keySet())
        .isNotEmpty()
        .allSatisfy(exemption -> assertThat(exemption.users()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "containers: [{name: a, image: a, securityContext: {capabilities: {add: [ALL]}}}]",
        "containers: [{name: a, image: a, securityContext: {capabilities: {add: [CAP_SYS_TIME]}}}]",
        "containers: [{name: a, image: 'no image', securityContext: {privileged: true}}]",
        "volumes: [{name: a, hostPath: {path: /}}], containers: [{name: a, image: a, volumeMounts: [{name: a, mountPath: /a}]}]",
      })
  void whatNoBoundsLetPassIsSaid(String spec) throws Exception {
    var pod = TestYaml.value("metadata: {}\nspec: {" + spec + "}");

    var proposal = propose("standard", pod);

    assertThat(proposal.exemptions()).isEmpty();
    assertThat(proposal.remainder()).hasSize(1);
  }

  private static ExemptionProposal propose(String profile, JsonNode pod) throws Exception {
    return propose(Requester.UNKNOWN, "v1", "Pod", profile, pod);
  }

  private static ExemptionProposal propose(
      Requester requester, String apiVersion, String kind, String profile, JsonNode object)
      throws Exception {
    return new TemplateReviewer(true, NOW, requester, CODEC)
        .propose(
            PodTemplate.of(apiVersion, kind).orElseThrow(),
            kind,
            object,
            "shop",
            CONFIGURATION.choose(profile).orElseThrow(),
            PodSecurityLevel.PRIVILEGED)
        .orElseThrow();
  }

  private static Set<Violation> enforced(TemplateReview review) {
    return violations(review.findings().stream().filter(Finding::isEnforced).toList());
  }

  private static Set<Violation> violations(Collection<Finding> findings) {
    return findings.stream().map(Finding::violation).collect(Collectors.toCollection(HashSet::new));
  }

  private static TemplateReview review(
      String profile, String namespace, JsonNode pod, Collection<Exemption> exemptions)
      throws MalformedReviewException {
    return new TemplateReviewer(true, NOW, Requester.UNKNOWN, CODEC)
        .review(
            "v1",
            "Pod",
            pod,
            namespace,
            CONFIGURATION.choose(profile).orElseThrow().exempting(exemptions),
            PodSecurityLevel.PRIVILEGED)
        .orElseThrow();
  }

  private static List<Exemption> filledIn(Collection<Exemption> exemptions) throws Exception {
    var forms = exemptions.stream().map(ConfigurationWriter::form).collect(Collectors.joining());
    return load(forms
            .replace("reason: ''", "reason: it is an agent")
            .replace("approvedBy: ''", "approvedBy: security@example.com"))
        .exemptions();
  }

  private static Configuration load(String forms) throws Exception {
    return ConfigurationLoader.load(
        "apiVersion: gambeson.dev/v1alpha1\nkind: GambesonConfig\nexemptions:\n" + forms,
        "forms.yaml");
  }

  private static Configuration everyOption() {
    try {
      var file = Path.of("src/test/resources/config/all-options.yaml");
      return ConfigurationLoader.load(Files.readString(file), file.toString());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
