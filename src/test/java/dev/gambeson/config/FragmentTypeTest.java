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
        "[] | x: wants a Container as the Kubernetes API spells it, not a list",
        "{image: 1} | x.image: wants a text, not 1 (quote it if it is a text)",
        "{imag: a} | x.imag: the Kubernetes API has no such field, did you mean \"image\"?",
        "{additionalProperties: {}} | x.additionalProperties: the Kubernetes API has no such field",
        "{env: [{name: A, value: true}]} | x.env[0].value: wants a text, not true (quote it if it is a text)",
        "{env: {A: b}} | x.env: wants a list: [a, b], not a map",
        "{env: [null]} | x.env[0]: wants a map: {key: value}, not nothing",
        "{securityContext: {runAsUser: '1000'}} | x.securityContext.runAsUser: wants a whole number, not \"1000\"",
        "{securityContext: {runAsUser: 1.5}} | x.securityContext.runAsUser: wants a whole number, not 1.5 (quote it if it is a text)",
        "{securityContext: {privileged: 'yes'}} | x.securityContext.privileged: wants true or false, not \"yes\"",
        "{securityContext: restricted} | x.securityContext: wants a map: {key: value}, not \"restricted\"",
        "{resources: {limits: {cpu: lots}}} | x.resources.limits.cpu: wants a quantity, 100m or 128Mi for example, not \"lots\"",
        "{resources: {limits: {cpu: [1]}}} | x.resources.limits.cpu: wants a quantity, 100m or 128Mi for example, not a list",
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
