package dev.gambeson.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EquivalenceTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{name: v} | {name: v, emptyDir: {}} | true",
        "{name: v, emptyDir: {medium: ''}} | {name: v, emptyDir: {}} | true",
        "{name: v, emptyDir: {sizeLimit: 1024Mi}} | {name: v, emptyDir: {sizeLimit: 1Gi}} | true",
        "{name: v, emptyDir: {sizeLimit: 1Gi}} | {name: v, emptyDir: {sizeLimit: 2Gi}} | false",
        "{name: v, emptyDir: {sizeLimit: 1e2000000000}} | {name: v, emptyDir: {sizeLimit: 2Gi}} | false",
        "{name: v, emptyDir: {medium: Memory}} | {name: v, emptyDir: {}} | false",
        "{name: v, storageos: {}} | {name: v, emptyDir: {}} | false",
        "{name: v, csi: {driver: d, readOnly: false, volumeAttributes: {}}} | {name: v, csi: {driver: d}} | true",
        "{name: v, csi: {driver: d, volumeAttributes: {a: b}}} | {name: v, csi: {driver: d}} | false",
        "{name: v, secret: {secretName: s, optional: false}} | {name: v, secret: {secretName: s, defaultMode: 420}} | true",
        "{name: v, secret: {secretName: s, defaultMode: 0}} | {name: v, secret: {secretName: s}} | false",
        "{name: v, hostPath: {path: /a}} | {name: v, hostPath: {path: /a, type: ''}} | true",
        "{name: v, configMap: {name: c}} | {name: v, secret: {secretName: c}} | false",
      })
  void volumes(String one, String other, boolean same) {
    assertThat(Equivalence.areSame(read(one, Volume.class), read(other, Volume.class)))
        .isEqualTo(same);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{name: v, mountPath: /v} | {name: v, mountPath: /v/, readOnly: false} | true",
        "{name: v, mountPath: /v, mountPropagation: None} | {name: v, mountPath: /v, subPath: ''} | true",
        "{name: v, mountPath: /v, readOnly: true, recursiveReadOnly: Disabled} | {name: v, mountPath: /v, readOnly: true} | true",
        "{name: v, mountPath: /v, readOnly: true, recursiveReadOnly: Enabled} | {name: v, mountPath: /v, readOnly: true} | false",
        "{name: v, mountPath: /v, readOnly: true} | {name: v, mountPath: /v} | false",
        "{name: v, mountPath: /v, subPath: a} | {name: v, mountPath: /v} | false",
      })
  void mounts(String one, String other, boolean same) {
    assertThat(Equivalence.areSame(read(one, VolumeMount.class), read(other, VolumeMount.class)))
        .isEqualTo(same);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{name: A, value: ''} | {name: A} | true",
        "{name: A, value: a} | {name: A} | false",
        "{name: A, valueFrom: {fieldRef: {fieldPath: f}}} | {name: A, valueFrom: {fieldRef: {apiVersion: v1, fieldPath: f}}} | true",
        "{name: A, valueFrom: {resourceFieldRef: {resource: r}}} | {name: A, valueFrom: {resourceFieldRef: {resource: r, divisor: '0'}}} | true",
        "{name: A, valueFrom: {resourceFieldRef: {resource: r, divisor: 1M}}} | {name: A, valueFrom: {resourceFieldRef: {resource: r, divisor: 1Mi}}} | false",
        "{name: A, valueFrom: {secretKeyRef: {name: s, key: k, optional: false}}} | {name: A, valueFrom: {secretKeyRef: {name: s, key: k}}} | true",
        "{name: A, valueFrom: {secretKeyRef: {name: s, key: k, optional: true}}} | {name: A, valueFrom: {secretKeyRef: {name: s, key: k}}} | false",
        "{name: A, valueFrom: {fileKeyRef: {volumeName: v, path: p, key: k}}} | {name: A, valueFrom: {fileKeyRef: {volumeName: v, path: p, key: k, optional: false}}} | true",
      })
  void variables(String one, String other, boolean same) {
    assertThat(Equivalence.areSame(read(one, EnvVar.class), read(other, EnvVar.class)))
        .isEqualTo(same);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{prefix: '', configMapRef: {name: c}} | {configMapRef: {name: c, optional: false}} | true",
        "{configMapRef: {name: c}} | {configMapRef: {name: c, optional: true}} | false",
        "{configMapRef: {name: c}} | {secretRef: {name: c}} | false",
      })
  void sources(String one, String other, boolean same) {
    assertThat(
            Equivalence.areSame(read(one, EnvFromSource.class), read(other, EnvFromSource.class)))
        .isEqualTo(same);
  }

  private static <T> T read(String yaml, Class<T> type) {
    return Serialization.unmarshal("---\n" + yaml, type);
  }
}
