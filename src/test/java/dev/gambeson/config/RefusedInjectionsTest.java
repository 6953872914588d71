package dev.gambeson.config;

import static dev.gambeson.config.ConfigurationLoaderTest.HEADER;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a profile puts into pods and refuses them for is warned of. */
class RefusedInjectionsTest {
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

  private static List<String> warnings(String body) {
    try {
      return ConfigurationLoader.read(HEADER + body, "x.yaml").warnings().stream()
          .map(Problem::toString)
          .toList();
    } catch (ConfigurationException e) {
      throw new AssertionError(e);
    }
  }

  private static String strict(String rules) {
    return "profiles: {strict: {rules: {" + rules + "}}}\n";
  }

  @Test
  void theWarningStandsWhereThePartIsWrittenAndSaysWhatToDo() {
    assertThat(warnings(MESH))
        .filteredOn(warning -> !warning.contains("(in the profile strict)"))
        .singleElement()
        .asString()
        .startsWith("x.yaml:8:")
        .contains(
            "profiles.standard.rules.Sidecars.sidecars.mesh: the profile itself refuses pods that"
                + " get it from Sidecars: [Capabilities] container \"mesh\":"
                + " spec.initContainers[0].securityContext.capabilities.add: found NET_ADMIN",
            "Fix it, write an exemption from Capabilities, or null for it in this profile");
  }

  @Test
  void theBuiltInProfilesRefuseNothingOfTheirOwn() {
    assertThat(warnings("")).isEmpty();
    assertThat(warnings("profiles: {standard: {podSecurity: {enforce: restricted}}}")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "PodPresets: {presets: {a: {pods: {}, volumes: [{name: v, nfs: {server: s, path: /p}}]}}} | PodPresets.presets.a: the profile itself refuses pods that get it from PodPresets: [VolumeTypes]",
        "Timezone: {strategy: image, image: 'docker.io/example/tz:1'}, ImageRegistry: {check: enforce, allowed: [registry.example.com/*]} | x.yaml:3:29: profiles.strict.rules.Timezone: the profile itself refuses pods that get it from Timezone: [ImageRegistry]",
        "EmptyDirSizeLimit: {fix: off, check: enforce}, Resources: {limits: {ephemeral-storage: null}} | x.yaml:3:29: profiles.strict.rules.EmptyDirSizeLimit: the profile itself refuses pods that get it from ReadOnlyRootFilesystem: [EmptyDirSizeLimit]",
        "Resources: {qosClass: Guaranteed}, Sidecars: {sidecars: {a: {pods: {}, container: {image: 'a:1', resources: {limits: {cpu: 2}, requests: {cpu: 1}}}}}} | Sidecars.sidecars.a: the profile itself refuses pods that get it from Sidecars: [Resources] spec.containers: found quality of service Burstable",
        "RuntimeSockets: {check: enforce}, PodPresets: {presets: {a: {pods: {}, volumes: [{name: v, hostPath: {path: /run/containerd}}], volumeMounts: [{name: v, mountPath: /v, readOnly: true}]}}} | [RuntimeSockets]",
        "SecretsInEnv: {check: enforce}, PodPresets: {presets: {a: {pods: {}, env: [{name: DB_PASSWORD, value: geheim}]}}} | [SecretsInEnv]",
        "Probes: {check: enforce}, Sidecars: {sidecars: {a: {pods: {}, type: plain, container: {image: 'a:1', ports: [{containerPort: 80}]}}}} | [Probes]",
        "ImageTag: {check: warn, enforceFrom: 2999-01-01}, Sidecars: {sidecars: {a: {pods: {}, container: {image: a}}}} | [ImageTag]",
      })
  void allThatIsEnforcedCounts(String rules, String problem) {
    assertThat(warnings(strict(rules))).singleElement().asString().contains(problem);
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
  void whatPodsAreNotRefusedForIsNotWarnedOf(String rules) {
    assertThat(warnings(strict(rules))).isEmpty();
  }

  @Test
  void aProfileThatInheritsThePartIsNamed() {
    var restrictedOnly =
        "profiles: {standard: {rules: {PodPresets: {presets: {a: {pods: {}, volumes: [{name: v,"
            + " nfs: {server: s, path: /p}}]}}}}}}\n";

    assertThat(warnings(restrictedOnly))
        .singleElement()
        .asString()
        .endsWith("(in the profile strict)");
    assertThat(
            warnings(
                restrictedOnly.replace(
                    "}}}}}}\n", "}}}}}, strict: {rules: {PodPresets: {presets: {a: null}}}}}\n")))
        .isEmpty();
  }

  @Test
  void anExemptionFromTheRuleMayBeMeantForIt() {
    assertThat(
            warnings(
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
        .isEmpty();
  }
}
