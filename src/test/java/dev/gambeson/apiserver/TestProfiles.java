package dev.gambeson.apiserver;

import dev.gambeson.admission.AdministratorProfile;
import java.util.List;

/** The built-in profiles, and one that fixes as {@code strict} does and denies nothing. */
final class TestProfiles {
  static final String WARNED = "warned";

  /**
   * Fills in what comes from the node, labels, and the options that the built-in profiles leave
   * out.
   */
  static final String NODE_FILES = "node-files";

  /**
   * Fills in what comes from an image, more limits and writable directories, and goes to a mirror.
   */
  static final String IMAGE_FILES = "image-files";

  /** Injects and places what an administrator wrote. */
  static final String OF_THE_ADMINISTRATOR = "of-the-administrator";

  /** Bounds memory, and gives CronJobs a time zone. */
  static final String BOUNDED = "bounded";

  static final List<String> NAMES =
      List.of(
          "observe",
          "standard",
          "strict",
          WARNED,
          NODE_FILES,
          IMAGE_FILES,
          OF_THE_ADMINISTRATOR,
          BOUNDED);

  static final String CONFIGURATION =
      """
      apiVersion: gambeson.dev/v1alpha1
      kind: GambesonConfig
      profiles:
        warned:
          extends: strict
          podSecurity: {enforce: privileged, warn: restricted}
        node-files:
          extends: strict
          rules:
            Timezone: {fix: apply, zone: Asia/Shanghai, strategy: hostPath}
            LxcfsMounts: {fix: apply, pods: {}, extraFiles: [/proc/slabinfo]}
            RunAsUser: {fix: apply, uid: 10001, gid: 10001}
            PodAntiAffinity: {fix: apply, strength: required}
            TopologySpread: {fix: apply}
            ServiceLinks: {fix: apply}
            HostUsers: {fix: apply}
            RequiredLabels: {fix: apply, labels: {status: serving, gambeson.dev/lxcfs: "true"}}
        bounded:
          extends: strict
          rules:
            Timezone: {zone: Asia/Shanghai, cronJobs: true}
            Resources: {maximum: {memory: 1Gi}}
        image-files:
          extends: strict
          rules:
            Timezone: {fix: apply, zone: Asia/Shanghai, strategy: image, image: "zones:2026a"}
            Resources: {fix: apply, limits: {cpu: "1", memory: 256Mi}}
            ReadOnlyRootFilesystem: {fix: apply, writable: [/tmp, /var/run, /var/cache/nginx]}
            ImageRegistry: {fix: apply, mirrors: [{from: docker.io, to: mirror.example.com/docker.io}]}
            ImagePullPolicy: {fix: apply}
            TopologySpread: {fix: apply, levels: [{topologyKey: example.com/rack, maxSkew: 2, whenUnsatisfiable: DoNotSchedule, minDomains: 2}]}
            PreStopDelay: {fix: apply, seconds: 40, containers: all}
            HostUsers: {fix: apply, furtherVolumes: [hostPath, image, persistentVolumeClaim]}
      """
          + AdministratorProfile.YAML;

  private TestProfiles() {}
}
