package dev.gambeson.config;

import static dev.gambeson.config.ConfigurationLoaderTest.HEADER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options that hold parts of pods: what is wrong in them is told at its place. */
class FragmentOptionsTest {

  private static String standard(String rules) {
    return HEADER + "profiles: {standard: {rules: {" + rules + "}}}\n";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "PodPresets: {presets: {a: {env: []}}} | PodPresets.presets.a: pods is missing",
        "PodPresets: {presets: {a: {pods: {}, env: [{nam: A}]}}} | a.env[0].nam: the Kubernetes API has no such field, did you mean \"name\"?",
        "PodPresets: {presets: {a: {pods: {}, env: [{value: A}]}}} | a.env: env[0]: name must be printable ASCII",
        "PodPresets: {presets: {a: {pods: {}, env: [{name: A, value: b, valueFrom: {}}]}}} | has both value and valueFrom",
        "PodPresets: {presets: {a: {pods: {}, envFrom: [{prefix: A}]}}} | envFrom: each needs a configMapRef or a secretRef",
        "PodPresets: {presets: {a: {pods: {}, volumes: [{name: v}]}}} | volumes[0]: needs one source",
        "PodPresets: {presets: {a: {pods: {}, volumeMounts: [{name: v, mountPath: /v}]}}} | volumeMounts: \"v\" is none of the volumes beside it",
        "PodPresets: {presets: {a: {pods: {}, volumes: [{name: v, emptyDir: {}}], volumeMounts: [{name: v, mountPath: v}]}}} | volumeMounts: each needs a mountPath of its own",
        "PodPresets: {presets: {a: {pods: {}, volumes: [{name: v, emptyDir: {}}], volumeMounts: [{name: v, mountPath: /v, mountPropagation: Bidirectional}]}}} | is for privileged containers only",
        "PodPresets: {presets: {a: {pods: {}, volumes: [{name: v, hostPath: {path: /v}}], volumeMounts: [{name: v, mountPath: /v}]}}} | is a hostPath: mount it at one place, with readOnly: true",
        "PodPresets: {presets: {a: {pods: {}, volumes: [{name: v, hostPath: {path: /v}}], volumeMounts: [{name: v, mountPath: /v, readOnly: true, subPathExpr: $(A)}]}}} | without subPathExpr, whose variables are the pod's own",
        "Sidecars: {sidecars: {a: {pods: {}}}} | Sidecars.sidecars.a: container is missing",
        "Sidecars: {sidecars: {a: {pods: {}, container: {}}}} | container: has no image",
        "Sidecars: {sidecars: {a: {pods: {}, container: {name: b, image: b}}}} | the sidecar's key is the name",
        "Sidecars: {sidecars: {A: {pods: {}, container: {image: b}}}} | sidecars: \"A\" is not a container name",
        "Sidecars: {sidecars: {a: {pods: {}, container: {image: b}, volumes: [{name: v, hostPath: {path: /v}}]}}} | run a DaemonSet for that",
        "Sidecars: {sidecars: {a: {pods: {}, container: {image: b}, sharedFolders: [logs]}}} | sharedFolders: \"logs\" is not an absolute path",
        "Sidecars: {sidecars: {a: {pods: {}, type: plain, position: first, container: {image: b}}}} | position: only a native sidecar can be first",
        "Sysctls: {sets: {a: {pods: {}, sysctls: [{name: kernel/sem, value: '1'}]}}} | sysctls: \"kernel/sem\" is not a valid name",
        "Sysctls: {sets: {a: {pods: {}, sysctls: [{name: kernel.sem}]}}} | sysctls: kernel.sem has no value",
        "NodePlacement: {placements: {a: {pods: {}, nodeSelector: {'a b': c}}}} | \"a b\" is not a valid label key",
        "NodePlacement: {placements: {a: {pods: {}, tolerations: [{key: a, tolerationSeconds: soon}]}}} | tolerations[0].tolerationSeconds: must be an integer, not \"soon\"",
        "PodPresets: {presets: {a: {pods: {}, env: [{name: A}, {name: A}]}}} | env: each needs a name of its own",
        "PodPresets: {presets: {a: {pods: {}, env: [{name: A, valueFrom: {}}]}}} | env[0]: valueFrom needs one source",
        "PodPresets: {presets: {a: {pods: {}, volumes: [{name: UP_, emptyDir: {}}]}}} | volumes[0]: name must be lower case letters",
        "PodPresets: {presets: {a: {pods: {}, volumes: [{name: v, emptyDir: {}}, {name: v, emptyDir: {}}]}}} | volumes: each needs a name of its own",
        "Sidecars: {sidecars: {a: {pods: {}, container: {image: b}, volumes: [{name: v, emptyDir: {}, nfs: {server: s, path: /}}]}}} | volumes[0]: needs one source",
        "Sidecars: {sidecars: {a: {pods: {}, container: {image: 'not an image'}}}} | container: image is not a valid image reference",
        "Sidecars: {sidecars: {a: {pods: {}, container: {image: b, imagePullPolicy: Foo}}}} | imagePullPolicy is none of Always",
        "Sidecars: {sidecars: {a: {pods: {}, container: {image: b, ports: [{containerPort: 99999}]}}}} | container: ports[0]: containerPort must be from 1 to 65535",
        "Sidecars: {sidecars: {a: {pods: {}, container: {image: b, ports: [{containerPort: 1, hostPort: -1}]}}}} | hostPort must be from 1 to 65535",
        "Sidecars: {sidecars: {a: {pods: {}, container: {image: b, ports: [{containerPort: 1, name: a--b}]}}}} | name must be at most 15 lower case letters",
        "Sidecars: {sidecars: {a: {pods: {}, container: {image: b, ports: [{containerPort: 1, protocol: tcp}]}}}} | protocol is none of TCP",
        "Sidecars: {sidecars: {a: {pods: {}, container: {image: b, env: [{value: x}]}}}} | container: env[0]: name must be printable ASCII",
        "Sidecars: {sidecars: {a: {pods: {}, container: {image: b, resources: {requests: {cpu: 2}, limits: {cpu: 1500m}}}}}} | a request is above the limit",
        "Sidecars: {sidecars: {a: {pods: {}, container: {image: b, securityContext: {privileged: true, allowPrivilegeEscalation: false}}}}} | goes neither with privileged: true",
        "Sidecars: {sidecars: {a: {pods: {}, container: {image: b, securityContext: {capabilities: {add: [CAP_SYS_ADMIN]}, allowPrivilegeEscalation: false}}}}} | nor with CAP_SYS_ADMIN",
        "Sidecars: {sidecars: {a: {pods: {}, container: {image: b, readinessProbe: {periodSeconds: 1}}}}} | readinessProbe: needs one of exec",
        "Sidecars: {sidecars: {a: {pods: {}, container: {image: b, livenessProbe: {periodSeconds: -1, tcpSocket: {port: 1}}}}}} | livenessProbe: a number is below zero",
        "NodePlacement: {placements: {a: {pods: {}, tolerations: [{key: a, operator: Foo}]}}} | tolerations[0]: operator is none of",
        "NodePlacement: {placements: {a: {pods: {}, tolerations: [{key: a}, {key: a, effect: Bar}]}}} | tolerations[1]: effect is none of",
        "NodePlacement: {placements: {a: {pods: {}, tolerations: [{operator: Equal, value: x}]}}} | without a key the operator must be Exists",
        "NodePlacement: {placements: {a: {pods: {}, tolerations: [{key: b c}]}}} | key is not a valid taint key",
        "NodePlacement: {placements: {a: {pods: {}, tolerations: [{key: a, operator: Exists, value: v}]}}} | the operator Exists takes no value",
        "NodePlacement: {placements: {a: {pods: {}, tolerations: [{key: a, value: v w}]}}} | value is not a valid taint value",
        "NodePlacement: {placements: {a: {pods: {}, tolerations: [{key: a, tolerationSeconds: 3}]}}} | tolerationSeconds need the effect NoExecute",
        "PriorityClass: {classes: [{priorityClassName: A_ b, pods: {}}]} | priorityClassName \"A_ b\" is not a valid name",
        "Timezone: {strategy: image, image: 'not an image'} | image \"not an image\" is not a valid image reference",
        "PriorityClass: {classes: [{priorityClassName: '', pods: {}}]} | priorityClassName \"\" is not a valid name",
      })
  void aMistakeIsNamed(String rules, String problem) {
    assertThatThrownBy(() -> ConfigurationLoader.load(standard(rules), "x.yaml"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("x.yaml:3:")
        .hasMessageContaining(problem);
  }

  @Test
  void presetsMergeByNameAndEachReplacesAsAWhole() throws ConfigurationException {
    var configuration =
        ConfigurationLoader.load(
            HEADER
                + """
                profiles:
                  standard:
                    rules:
                      PodPresets:
                        presets:
                          a: {pods: {}, namespaces: [shop], env: [{name: A, value: "1"}]}
                          b: {pods: {}, env: [{name: B, value: "1"}]}
                          c: {pods: {}, env: [{name: C, value: "1"}]}
                  strict:
                    rules:
                      PodPresets:
                        presets:
                          a: {pods: {}, env: [{name: A, value: "2"}]}
                          c: null
                """,
            "x");
    var settings =
        ConfigurationLoaderTest.rule(
            ConfigurationLoaderTest.profile(configuration, "strict"), "PodPresets");
    assertThat(
            RecordType.of(settings.rule().getClass())
                .write(settings.rule())
                .at("/presets")
                .toString())
        .isEqualTo(
            "{\"a\":{\"pods\":{\"matchLabels\":{},\"matchExpressions\":[]},\"namespaces\":[],"
                + "\"env\":[{\"name\":\"A\",\"value\":\"2\"}],\"envFrom\":[],\"volumes\":[],\"volumeMounts\":[]},"
                + "\"b\":{\"pods\":{\"matchLabels\":{},\"matchExpressions\":[]},\"namespaces\":[],"
                + "\"env\":[{\"name\":\"B\",\"value\":\"1\"}],\"envFrom\":[],\"volumes\":[],\"volumeMounts\":[]}}");
  }
}
