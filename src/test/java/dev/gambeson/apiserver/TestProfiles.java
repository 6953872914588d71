package dev.gambeson.apiserver;

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

  static final List<String> NAMES =
      List.of("observe", "standard", "strict", WARNED, NODE_FILES, IMAGE_FILES);

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
            RequiredLabels: {fix: apply, labels: {status: serving, gambeson.dev/lxcfs: "true"}}
        image-files:
          extends: strict
          rules:
            Timezone: {fix: apply, zone: Asia/Shanghai, strategy: image, image: "zones:2026a"}
            Resources: {fix: apply, limits: {cpu: "1", memory: 256Mi}}
            ReadOnlyRootFilesystem: {fix: apply, writable: [/tmp, /var/run, /var/cache/nginx]}
            ImageRegistry: {fix: apply, mirrors: [{from: docker.io, to: mirror.example.com/docker.io}]}
            ImagePullPolicy: {fix: apply}
      """;

  private TestProfiles() {}
}
