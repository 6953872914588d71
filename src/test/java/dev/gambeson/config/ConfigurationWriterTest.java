package dev.gambeson.config;

import static dev.gambeson.config.ConfigurationLoaderTest.HEADER;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigurationWriterTest {

  static List<String> whatIsWrittenReadsBackAsTheSame() throws IOException {
    return List.of(
        HEADER,
        Files.readString(Path.of("src/test/resources/config/all-options.yaml")),
        HEADER
            + """
            enforcement: warn
            defaultProfile: mine
            help: {url: "https://wiki.example.com/{rule}", contact: platform@example.com}
            namespaces: [{match: [a, "*-b"], profile: observe}]
            profiles:
              mine:
                extends: strict
                skippable: []
                rules:
                  Timezone: null
                  RunAsUser: {minimumUid: 1000, uid: 2000}
                  Resources: {requests: {memory: null}, limits: null, required: []}
                  LxcfsMounts: {pods: {}, except: {ownerKinds: [Job]}}
                  ServiceLinks: {except: null}
                  AllowPrivilegeEscalation: {check: null}
              standard:
                podSecurity: {version: latest, audit: restricted}
                rules:
                  SeccompProfile: {check: enforce}
                  RunAsNonRoot: {check: warn, enforceFrom: 2027-01-15}
              empty: {}
            """,
        HEADER
            + """
            exemptions:
            - rules: [SeccompProfile, RunAsNonRoot]
              namespaces: ["ci-*"]
              pods: {matchExpressions: [{key: app, operator: Exists}]}
              containers: [agent]
              images: ["registry.example/*"]
              users: [alice]
              groups: [developers]
              reason: x
              approvedBy: me
              expires: 2027-03-31T18:00:00+02:00
              grace: 7d12h
            - {rules: [Privileged], namespaces: [a], values: {images: [a/b]}, reason: x, approvedBy: me, expires: 2027-03-31, grace: 90d}
            - {rules: [Capabilities], namespaces: [a], values: {drop: []}, reason: x, approvedBy: me}
            - {rules: [Capabilities], namespaces: [a], values: {add: [NET_ADMIN]}, reason: x, approvedBy: me}
            - {rules: [HostNamespaces], namespaces: [a], values: {fields: [hostPID]}, reason: x, approvedBy: me}
            - {rules: [HostPathVolumes], namespaces: [a], values: {paths: [/], readOnly: true}, reason: x, approvedBy: me}
            """);
  }

  @ParameterizedTest
  @MethodSource
  void whatIsWrittenReadsBackAsTheSame(String text) throws ConfigurationException {
    var configuration = ConfigurationLoader.load(text, "x");
    var written = ConfigurationWriter.write(configuration);
    assertThat(ConfigurationLoader.load(written, "written")).as(written).isEqualTo(configuration);
  }

  @ParameterizedTest
  @MethodSource("whatIsWrittenReadsBackAsTheSame")
  void whatDiffersReadsBackAsTheSame(String text) throws ConfigurationException {
    var loaded = ConfigurationLoader.read(text, "x");
    var written = ConfigurationWriter.difference(loaded).orElse(HEADER);
    assertThat(ConfigurationLoader.load(written, "written"))
        .as(written)
        .isEqualTo(loaded.configuration());
  }

  @Test
  void oneProfileReadsBackAsTheSame() throws ConfigurationException {
    for (var profile : ConfigurationLoader.builtIn().profiles().values()) {
      var written = ConfigurationWriter.write(profile);
      assertThat(
              Objects.requireNonNull(
                  ConfigurationLoader.load(written, "written").profiles().get(profile.name())))
          .isEqualTo(profile);
    }
  }
}
