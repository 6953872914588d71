package dev.gambeson.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.pod.FieldPath;
import dev.gambeson.yaml.TestYaml;
import dev.gambeson.yaml.YamlException;
import io.fabric8.kubernetes.api.model.Container;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FragmentTypeTest {
  private static final FragmentType CONTAINER = new FragmentType(Container.class);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[] | x: must be a Container as the Kubernetes API spells it, not a list",
        "{image: 1} | x.image: must be a string, not 1 (quote it if it is a string)",
        "{imag: a} | x.imag: the Kubernetes API has no such field, did you mean \"image\"?",
        "{additionalProperties: {}} | x.additionalProperties: the Kubernetes API has no such field",
        "{env: [{name: A, value: true}]} | x.env[0].value: must be a string, not true (quote it if it is a string)",
        "{env: {A: b}} | x.env: must be a list: [a, b], not an object",
        "{env: [null]} | x.env[0]: must be an object: {key: value}, not nothing",
        "{securityContext: {runAsUser: '1000'}} | x.securityContext.runAsUser: must be an integer, not \"1000\"",
        "{securityContext: {runAsUser: 1.5}} | x.securityContext.runAsUser: must be an integer, not 1.5 (quote it if it is a string)",
        "{securityContext: {privileged: 'yes'}} | x.securityContext.privileged: must be true or false, not \"yes\"",
        "{securityContext: restricted} | x.securityContext: must be an object: {key: value}, not \"restricted\"",
        "{resources: {limits: {cpu: lots}}} | x.resources.limits.cpu: must be a quantity, 100m or 128Mi for example, not \"lots\"",
        "{resources: {limits: {cpu: [1]}}} | x.resources.limits.cpu: must be a quantity, 100m or 128Mi for example, not a list",
      })
  void aMistakeIsNamed(String text, String problem) throws YamlException {
    var problems = new ArrayList<String>();
    var read =
        CONTAINER.read(
            TestYaml.value(text),
            FieldPath.of("x"),
            (path, message) -> problems.add(path + ": " + message));
    assertThat(problems).containsExactly(problem);
    assertThat(read).isNull();
  }

  @Test
  void whatIsReadIsWrittenAsItWas() throws YamlException {
    var written =
        TestYaml.value(
            """
            name: filebeat
            image: filebeat:9.2
            args: ["-e"]
            env:
            - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
            ports: [{containerPort: 5066}]
            livenessProbe: {httpGet: {port: 5066}, periodSeconds: 20}
            startupProbe: {httpGet: {port: http}}
            resources: {limits: {cpu: "1", memory: 128Mi}, requests: {cpu: 50m}}
            securityContext: {capabilities: {drop: [ALL]}, runAsNonRoot: true, runAsUser: 1000}
            volumeMounts: [{mountPath: /var/log/app, name: logs, readOnly: true}]
            """);
    var read =
        CONTAINER.read(
            written,
            FieldPath.ROOT,
            (path, message) -> {
              throw new AssertionError(path + message);
            });
    assertThat(CONTAINER.write(java.util.Objects.requireNonNull(read))).isEqualTo(written);
  }
}
