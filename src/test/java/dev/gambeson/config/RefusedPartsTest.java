package dev.gambeson.config;

import static dev.gambeson.config.ConfigurationLoaderTest.HEADER;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a profile would put into pods and refuse them for is a mistake of the configuration. */
class RefusedPartsTest {
  private static final String MESH =
      """
      profiles:
        standard:
          rules:
            Sidecars:
              sidecars:
                mesh:
                  pods: {matchLabels: {mesh: "true"}}
                  namespaces: [shop]
                  container: {image: "mesh:9", securityContext: {allowPrivilegeEscalation: false, capabilities: {add: [NET_ADMIN]}}}
      """;

  private static void load(String body) throws ConfigurationException {
    ConfigurationLoader.load(HEADER + body, "x.yaml");
  }

  private static String strict(String rules) {
    return "profiles: {strict: {rules: {" + rules + "}}}\n";
  }

  @Test
  void theMistakeIsToldWhereThePartIsWrittenWithWhatToDo() {
    assertThatThrownBy(() -> load(MESH))
        .hasMessageStartingWith("x.yaml:8:")
        .hasMessageContaining(
            "profiles.standard.rules.Sidecars.sidecars.mesh: the profile itself refuses pods that"
                + " get it: [Capabilities] container \"mesh\":"
                + " spec.initContainers[0].securityContext.capabilities.add: found NET_ADMIN")
        .hasMessageContaining(
            "Mend it, write an exemption from Capabilities, or null for it in this profile");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "PodPresets: {presets: {a: {pods: {}, volumes: [{name: v, nfs: {server: s, path: /p}}]}}} | PodPresets.presets.a: the profile itself refuses pods that get it: [VolumeTypes]",
        "RuntimeSockets: {check: enforce}, PodPresets: {presets: {a: {pods: {}, volumes: [{name: v, hostPath: {path: /run/containerd}}], volumeMounts: [{name: v, mountPath: /v, readOnly: true}]}}} | [RuntimeSockets]",
        "SecretsInEnv: {check: enforce}, PodPresets: {presets: {a: {pods: {}, env: [{name: DB_PASSWORD, value: geheim}]}}} | [SecretsInEnv]",
        "Probes: {check: enforce}, Sidecars: {sidecars: {a: {pods: {}, type: plain, container: {image: 'a:1', ports: [{containerPort: 80}]}}}} | [Probes]",
        "ImageTag: {check: warn, enforceFrom: 2999-01-01}, Sidecars: {sidecars: {a: {pods: {}, container: {image: a}}}} | [ImageTag]",
      })
  void allThatIsEnforcedCounts(String rules, String problem) {
    assertThatThrownBy(() -> load(strict(rules))).hasMessageContaining(problem);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // The profile's own fixes harden it.
        "Sidecars: {sidecars: {a: {pods: {}, container: {image: 'a:1'}}}}",
        // It is the profile's own word that such a volume may be.
        "PodPresets: {presets: {a: {pods: {}, volumes: [{name: v, hostPath: {path: /v}}], volumeMounts: [{name: v, mountPath: /v, readOnly: true}]}}}",
        // Only warned of.
        "Sidecars: {sidecars: {a: {pods: {}, type: plain, container: {image: a}}}}",
        // Put into no pod.
        "Sidecars: {fix: audit, sidecars: {a: {pods: {}, container: {image: 'a:1', securityContext: {privileged: true}}}}}",
      })
  void whatPodsAreNotRefusedForIsNoMistake(String rules) {
    assertThatCode(() -> load(strict(rules))).doesNotThrowAnyException();
  }

  @Test
  void aProfileThatInheritsThePartIsNamed() {
    var restrictedOnly =
        "profiles: {standard: {rules: {PodPresets: {presets: {a: {pods: {}, volumes: [{name: v,"
            + " nfs: {server: s, path: /p}}]}}}}}}\n";

    assertThatThrownBy(() -> load(restrictedOnly)).hasMessageContaining("(in the profile strict)");
    assertThatCode(() ->
            load(
                restrictedOnly.replace(
                    "}}}}}}\n", "}}}}}, strict: {rules: {PodPresets: {presets: {a: null}}}}}\n")))
        .doesNotThrowAnyException();
  }

  @Test
  void anExemptionFromTheRuleMayBeMeantForIt() {
    assertThatCode(() ->
            load(
                MESH
                    + """
                    exemptions:
                    - rules: [Capabilities]
                      namespaces: [shop]
                      containers: [mesh]
                      values: {add: [NET_ADMIN]}
                      reason: redirects the traffic of its pod
                      approvedBy: security@example.com
                    """))
        .doesNotThrowAnyException();
  }
}
