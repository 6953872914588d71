package dev.gambeson.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.SingleQuotedJson;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Requester;
import dev.gambeson.verdict.CheckMode;
import dev.gambeson.verdict.FixMode;
import dev.gambeson.verdict.Judgement;
import dev.gambeson.verdict.Profile;
import dev.gambeson.verdict.SkippedFixes;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A profile that enforces Pod Security baseline accepts the files of the node that its own fixes
 * mount, and no others.
 */
class HostPathsOfFixesTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final ReviewCodec CODEC = new ReviewCodec();
  private static final String POD =
      "{'metadata':{},'spec':{'containers':[{'name':'web','image':'nginx','volumeMounts':[%s]}],"
          + "'volumes':[{'name':'v','hostPath':{'path':'%s','type':'%s'}}]}}";
  private static final String MEMINFO = "/var/lib/lxcfs/proc/meminfo";
  private static final String MOUNT = "{'name':'v','mountPath':'/proc/meminfo','readOnly':true}";

  @Test
  void whatTheFixesMountIsNoViolation() throws Exception {
    var profile = profile("apply");
    var patch =
        new PodPatch(pod("{'metadata':{},'spec':{'containers':[{'name':'web','image':'nginx'}]}}"));
    profile.fix(
        FixMode.APPLY,
        patch,
        profile.scope("shop", PodSecurityLevel.PRIVILEGED, Requester.UNKNOWN),
        Set.of());

    assertThat(patch.pod().getSpec().getVolumes()).hasSizeGreaterThan(8);
    assertThat(hostPathViolations(profile, patch.pod())).isEmpty();
  }

  @Test
  void theSameByAnAuthorIsNoViolationEither() throws Exception {
    assertThat(hostPathViolations(profile("apply"), pod(POD.formatted(MOUNT, MEMINFO, "File"))))
        .isEmpty();
  }

  @Test
  void norIsItInAPodThatTheFixesLeaveAlone() throws Exception {
    var owned =
        POD.formatted(MOUNT, MEMINFO, "File")
            .replace(
                "'metadata':{",
                "'metadata':{'ownerReferences':[{'kind':'VirtualMachineInstance','controller':true}]");

    assertThat(hostPathViolations(profile("apply"), pod(owned))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'name':'v','mountPath':'/proc/meminfo'}",
        "{'name':'v','mountPath':'/data','readOnly':true}",
        "{'name':'v','mountPath':'/proc/meminfo','readOnly':true,'subPath':'x'}",
        "{'name':'v','mountPath':'/proc/meminfo','readOnly':true,'mountPropagation':'Bidirectional'}",
        MOUNT + ",{'name':'v','mountPath':'/elsewhere','readOnly':true}"
      })
  void anotherMountOfTheSameFileIs(String mounts) throws Exception {
    assertThat(hostPathViolations(profile("apply"), pod(POD.formatted(mounts, MEMINFO, "File"))))
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"subPath: ca.pem", "mountPropagation: HostToContainer", "subPath: ''"})
  void aPresetsMountIsAcceptedJustAsItIsWritten(String field) throws Exception {
    var profile =
        ConfigurationLoader.load(
                """
                apiVersion: gambeson.dev/v1alpha1
                kind: GambesonConfig
                profiles:
                  mine:
                    podSecurity: {enforce: baseline}
                    rules:
                      PodPresets:
                        fix: apply
                        presets:
                          certs:
                            pods: {}
                            volumes: [{name: certs, hostPath: {path: /etc/ssl/certs, type: Directory}}]
                            volumeMounts: [{name: certs, mountPath: /certs, readOnly: true, %s}]
                """
                    .formatted(field),
                "test.yaml")
            .profileFor("shop", "mine")
            .profile();
    var patch =
        new PodPatch(pod("{'metadata':{},'spec':{'containers':[{'name':'web','image':'nginx'}]}}"));
    profile.fix(
        FixMode.APPLY,
        patch,
        profile.scope("shop", PodSecurityLevel.PRIVILEGED, Requester.UNKNOWN),
        Set.of());

    assertThat(hostPathViolations(profile, patch.pod())).isEmpty();

    var mount = patch.pod().getSpec().getContainers().getFirst().getVolumeMounts().getFirst();
    mount.setSubPath("private");
    assertThat(hostPathViolations(profile, patch.pod())).hasSize(1);
  }

  @Test
  void anotherFileOrTypeIs() throws Exception {
    assertThat(
            hostPathViolations(profile("apply"), pod(POD.formatted(MOUNT, "/etc/shadow", "File"))))
        .hasSize(1);
    assertThat(
            hostPathViolations(
                profile("apply"), pod(POD.formatted(MOUNT, MEMINFO, "FileOrCreate"))))
        .hasSize(1);
  }

  @Test
  void nothingIsAcceptedWhereTheFixesAreOff() throws Exception {
    assertThat(hostPathViolations(profile("off"), pod(POD.formatted(MOUNT, MEMINFO, "File"))))
        .hasSize(1);
  }

  @Test
  void anAuditedFixLiftsNoEnforcedCheckAndAuditsNothingOfItsOwn() throws Exception {
    var audited = profile("audit");
    assertThat(hostPathViolations(audited, pod(POD.formatted(MOUNT, MEMINFO, "File")))).hasSize(1);

    var plain = pod("{'metadata':{},'spec':{'containers':[{'name':'web','image':'nginx'}]}}");
    var review =
        Judgement.of(
            audited,
            new PodPatch(plain),
            audited.scope("shop", PodSecurityLevel.PRIVILEGED, Requester.UNKNOWN),
            SkippedFixes.of(plain, audited),
            NOW,
            true);
    assertThat(plain.getSpec().getVolumes()).isNotEmpty();
    assertThat(review.findings())
        .extracting(finding -> finding.violation().rule())
        .doesNotContain("HostPathVolumes");
  }

  private static List<String> hostPathViolations(Profile profile, Pod pod) {
    return profile
        .check(pod, profile.scope("shop", PodSecurityLevel.PRIVILEGED, Requester.UNKNOWN), NOW)
        .findings()
        .stream()
        .filter(finding -> finding.mode() == CheckMode.ENFORCE)
        .map(finding -> finding.violation().rule())
        .filter("HostPathVolumes"::equals)
        .toList();
  }

  private static Profile profile(String fix) throws ConfigurationException {
    var text =
        """
        apiVersion: gambeson.dev/v1alpha1
        kind: GambesonConfig
        profiles:
          mine:
            podSecurity: {enforce: baseline}
            rules:
              LxcfsMounts: {fix: %1$s, pods: {}}
              Timezone: {fix: %1$s, strategy: hostPath, zone: Asia/Shanghai}
        """
            .formatted(fix);
    return ConfigurationLoader.load(text, "test.yaml").profileFor("shop", "mine").profile();
  }

  private static Pod pod(String text) throws Exception {
    return CODEC.pod(SingleQuotedJson.read(text));
  }
}
