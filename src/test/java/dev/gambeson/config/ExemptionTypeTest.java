package dev.gambeson.config;

import static dev.gambeson.config.ConfigurationLoaderTest.HEADER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which exemptions are refused, and with what words. */
class ExemptionTypeTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {namespaces: [a]}                                 | rules: names no rule: write [HostPathVolumes] for example
          {namespaces: [a], containers: [], rules: [SeccompProfile]}                                       | [0].containers: selects nothing: name something, or leave it out
          {users: {a: b}, rules: [SeccompProfile]}          | users: must be a list
          {namespaces: {a: b}, rules: [SeccompProfile]}     | namespaces: must be a list
          {namespaces: [a], rules: {SeccompProfile: true}}  | rules: must be a list
          {users: [a], rules: [Seccomp]}                                | rules[0]: there is no rule "Seccomp"
          {groups: [a], rules: [SeccompProfil]}                          | rules[0]: there is no rule "SeccompProfil", did you mean "SeccompProfile"?
          {rules: [SeccompProfile]}                         | [0]: write namespaces, users or groups
          {rules: [SeccompProfile], pods: {matchLabels: {a: b}}} | [0]: write namespaces, users or groups
          {users: [a], namespaces: [], rules: [SeccompProfile]}         | namespaces: selects nothing
          {namespaces: [A], rules: [SeccompProfile]}        | namespaces[0]: must be the name of a namespace
          {namespaces: [a], pods: {}, rules: [SeccompProfile]} | pods: selects every pod: leave it out
          {namespaces: [a], images: [""], rules: [SeccompProfile]} | images[0]: is empty
          {namespaces: [a], containers: [b], rules: [HostPorts, PodAntiAffinity]} | containers: PodAntiAffinity looks at the pod as a whole
          {namespaces: [a], images: [b], rules: [ServiceAccountToken]} | images: ServiceAccountToken looks at the pod as a whole
          {namespaces: [a], rules: [Privileged]}            | values: is missing: pods are exempted from Privileged within bounds only, an object with images
          {namespaces: [a], rules: [Privileged], values: {images: ["*"]}} | values.images: "*" does not begin with a registry and a repository
          {namespaces: [a], rules: [Privileged], values: {images: ["*/a"]}} | values.images: "*/a" does not begin
          {namespaces: [a], rules: [Privileged], values: {images: ["a/*"]}} | values.images: "a/*" does not begin
          {namespaces: [a], rules: [Privileged], values: {}} | values.images: is empty
          {namespaces: [a], rules: [HostNamespaces], values: {fields: [hostNet]}} | values.fields[0]: must be hostNetwork, hostPID or hostIPC
          {namespaces: [a], rules: [HostNamespaces], values: {}} | values.fields: is empty
          {namespaces: [a], rules: [HostPathVolumes], values: {paths: [/a]}} | values.readOnly: readOnly is missing
          {namespaces: [a], rules: [HostPathVolumes], values: {readOnly: true}} | values.paths: is empty
          {namespaces: [a], rules: [HostPathVolumes], values: {readOnly: true, paths: [log]}} | values.paths: "log" is not a path from the root
          {namespaces: [a], rules: [HostPathVolumes], values: {readOnly: false, paths: [/./]}} | values.paths: / bounds nothing
          {namespaces: [a], rules: [Capabilities], values: {}} | values.add: is empty
          {namespaces: [a], rules: [Capabilities], values: {add: [ALL]}} | values.add: ALL bounds nothing
          {namespaces: [a], rules: [Capabilities], values: {add: [CAP_CHOWN]}} | values.add: "CAP_CHOWN" is not a capability
          {namespaces: [a], rules: [Capabilities, SeccompProfile], values: {drop: []}} | rules: Capabilities needs values, and these are of one rule: give it an entry of its own
          {namespaces: [a], rules: [SeccompProfile], values: {drop: []}} | values: SeccompProfile has no values
          {users: ["system:serviceaccount:kube-system:replicaset-controller"], rules: [SeccompProfile]} | users: system:serviceaccount:kube-system:replicaset-controller creates the pods of anyone's workloads: write namespaces as well
          {users: ["system:serviceaccount:argo:workflow-controller"], rules: [SeccompProfile]} | users: system:serviceaccount:argo:workflow-controller creates
          {users: ["system:kube-controller-manager"], rules: [SeccompProfile]} | users: system:kube-controller-manager creates
          {groups: ["system:serviceaccounts"], rules: [SeccompProfile]} | groups: system:serviceaccounts creates
          {groups: ["system:serviceaccounts:kube-system"], rules: [SeccompProfile]} | groups: system:serviceaccounts:kube-system creates
          {groups: ["system:authenticated"], rules: [SeccompProfile]} | groups: system:authenticated creates
          {namespaces: [a], rules: [SeccompProfile], expires: soon} | expires: must be a day, 2027-03-31 for example, or an instant
          {namespaces: [a], rules: [SeccompProfile], expires: 2027-02-30} | expires: must be a day
          {namespaces: [a], rules: [SeccompProfile], grace: 7d} | grace: follows on expires
          {namespaces: [a], rules: [SeccompProfile], grace: 91d, expires: 2027-03-31} | grace: is longer than 90 days
          {namespaces: [a], rules: [SeccompProfile], grace: week, expires: 2027-03-31} | grace: must be a duration, 7d
          {namespaces: [a], rules: [SeccompProfile], until: 2027-03-31} | until: there is no such key
          """)
  void whatExemptsNothingOrTooMuchIsRefusedWhereItStands(String entry, String problem) {
    var written = entry.replaceFirst("}$", ", reason: r, approvedBy: a}");

    assertThat(problems("exemptions:\n- " + written))
        .singleElement()
        .asString()
        .startsWith("x:4:")
        .contains(problem);
  }

  @Test
  void whoAndWhyMustBeSaid() {
    var entry = "exemptions:\n- {rules: [SeccompProfile], namespaces: [a], reason: %s}";

    assertThat(problems(entry.formatted("r")))
        .containsExactly("x:4:3: exemptions[0].approvedBy: approvedBy is missing");
    assertThat(problems(entry.formatted("' ', approvedBy: a")))
        .containsExactly("x:4:46: exemptions[0].reason: is empty: say why pods need it");
    assertThat(problems(entry.formatted("r, approvedBy: ''")))
        .containsExactly("x:4:57: exemptions[0].approvedBy: is empty: say who answers for it");
  }

  @Test
  void aPastDayNeverMakesAConfigurationBad() throws ConfigurationException {
    var entry =
        "exemptions: [{rules: [SeccompProfile], namespaces: [a], reason: r, approvedBy: a, expires:"
            + " 1999-01-01}]";

    assertThat(ConfigurationLoader.load(HEADER + entry, "x").exemptions()).hasSize(1);
  }

  private static java.util.List<String> problems(String body) {
    return catchThrowableOfType(
            ConfigurationException.class, () -> ConfigurationLoader.load(HEADER + body, "x"))
        .problems()
        .stream()
        .map(Problem::toString)
        .toList();
  }
}
