package dev.gambeson.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NestedMountsTest {
  private static final String PLAIN = "{name: in, emptyDir: {}}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{name: v, emptyDir: {}} | {mountPath: /a} | true",
        "{name: v, emptyDir: {}} | {mountPath: /a, readOnly: true} | false",
        "{name: v, emptyDir: {}} | {mountPath: //a/, readOnly: true, subPath: x} | false",
        "{name: v, hostPath: {path: /a}} | {mountPath: /a} | true",
        "{name: v, hostPath: {path: /a}} | {mountPath: /a, readOnly: true} | false",
        "{name: v, hostPath: {path: /a, type: File}} | {mountPath: /a} | false",
        "{name: v, persistentVolumeClaim: {claimName: c}} | {mountPath: /a} | true",
        "{name: v, persistentVolumeClaim: {claimName: c, readOnly: false}} | {mountPath: /a} | true",
        "{name: v, persistentVolumeClaim: {claimName: c, readOnly: true}} | {mountPath: /a} | false",
        "{name: v, csi: {driver: d, readOnly: true}} | {mountPath: /a} | false",
        "{name: v, csi: {driver: d}} | {mountPath: /a} | true",
        "{name: v, nfs: {server: s, path: /, readOnly: true}} | {mountPath: /a} | false",
        "{name: v, image: {reference: 'i:1'}} | {mountPath: /a} | false",
        "{name: v, ephemeral: {volumeClaimTemplate: {spec: {}}}} | {mountPath: /a} | true",
        "{name: v, configMap: {name: c}} | {mountPath: /a} | true",
        "{name: v, configMap: {name: c}} | {mountPath: /a, readOnly: true} | true",
        "{name: v, configMap: {name: c}} | {mountPath: /a, subPath: x} | false",
        "{name: v, secret: {secretName: s}} | {mountPath: /a, readOnly: true} | true",
        "{name: v, downwardAPI: {}} | {mountPath: /a, readOnly: true} | true",
        "{name: v, projected: {sources: []}} | {mountPath: /a, readOnly: true} | true",
        "{name: v, emptyDir: {}} | {mountPath: /a/bc, readOnly: true} | true",
        "{name: w, emptyDir: {}} | {mountPath: /a, readOnly: true} | true",
      })
  void whatAMountCanHold(String volume, String mount, boolean can) {
    var above = mount(mount.replace("{", "{name: v, "));
    var inside = mount("{name: in, mountPath: /a/b}");
    var nested = mounts(volume, PLAIN);

    assertThat(nested.obstacle(List.of(above), List.of(inside)).isEmpty()).isEqualTo(can);
    assertThat(nested.obstacle(List.of(inside), List.of(above)).isEmpty()).isEqualTo(can);
    assertThat(nested.obstacle(List.of(above, inside), List.of())).isEmpty();
    assertThat(nested.obstacle(List.of(), List.of(above, inside))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{name: in, emptyDir: {}} | {mountPath: /a/b, subPath: x} | true",
        "{name: in, secret: {secretName: s}} | {mountPath: /a/b} | true",
        "{name: in, secret: {secretName: s}} | {mountPath: /a/b, subPath: x} | false",
        "{name: in, hostPath: {path: /f, type: Directory}} | {mountPath: /a/b} | true",
        "{name: in, hostPath: {path: /f, type: Socket}} | {mountPath: /a/b} | false",
      })
  void theKubeletMakesFoldersAndNoFiles(String volume, String mount, boolean can) {
    var above = mount("{name: v, mountPath: /a, readOnly: true}");
    var inside = mount(mount.replace("{", "{name: in, "));

    assertThat(
            mounts("{name: v, configMap: {name: c}}", volume)
                .obstacle(List.of(above), List.of(inside))
                .isEmpty())
        .isEqualTo(can);
  }

  @ParameterizedTest
  @CsvSource({"true, false, false", "false, true, true"})
  void theNearestMountAboveDecides(boolean outer, boolean inner, boolean refused) {
    var above =
        List.of(
            mount("{name: v, mountPath: /a, readOnly: " + outer + "}"),
            mount("{name: v, mountPath: /a/b, subPath: b, readOnly: " + inner + "}"));
    var inside = mount("{name: in, mountPath: /a/b/c}");

    assertThat(mounts("{name: v, emptyDir: {}}", PLAIN).obstacle(above, List.of(inside)))
        .matches(obstacle -> obstacle.isPresent() == refused);
  }

  private static NestedMounts mounts(String... volumes) {
    return new NestedMounts(
        Stream.of(volumes).map(volume -> Serialization.unmarshal("---\n" + volume, Volume.class)));
  }

  private static VolumeMount mount(String mount) {
    return Serialization.unmarshal("---\n" + mount, VolumeMount.class);
  }
}
