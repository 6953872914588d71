package dev.gambeson.advice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.admission.AdmissionPipeline;
import dev.gambeson.admission.Decision;
import dev.gambeson.admission.MalformedReviewException;
import dev.gambeson.admission.ReviewCodec;
import dev.gambeson.admission.Route;
import dev.gambeson.admission.Webhook;
import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.rule.PodSecurityLevel;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** The texts of denials, for those who read them. */
class DenialTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final ReviewCodec CODEC = new ReviewCodec();

  private static final String PRIVILEGED =
      """
      metadata: {generateName: web-}
      spec:
        containers:
        - {name: web, image: nginx, securityContext: {privileged: true}}
      """;
  private static final String PRIVILEGED_LINE =
      """
      [Privileged] container "web": spec.containers[0].securityContext.privileged: found true, wanted false
      (profile "standard")
      About the rule: gambeson rules Privileged
      """;

  private static final String NOT_PRIVILEGED =
      "With the YAML below, a container may not start, or not work, if it needs to be privileged.\n";

  @Test
  void aBarePodIsMendedInThePod() throws Exception {
    assertThat(denial("standard", PRIVILEGED))
        .isEqualTo(
            PRIVILEGED_LINE
                + NOT_PRIVILEGED
                + """
                To fix, set:
                spec:
                  containers:
                  - name: web
                    securityContext:
                      privileged: false\
                """);
  }

  @Test
  void aPodOfAReplicaSetIsMendedInItsDeployment() throws Exception {
    assertThat(denial("standard", owned("apps/v1", "ReplicaSet", "web-7c9f")))
        .isEqualTo(
            PRIVILEGED_LINE
                + NOT_PRIVILEGED
                + """
                Fix the Deployment (or other owner) of ReplicaSet "web-7c9f", under spec.template. Set:
                spec:
                  template:
                    spec:
                      containers:
                      - name: web
                        securityContext:
                          privileged: false\
                """);
  }

  @ParameterizedTest
  @CsvSource({"apps/v1,StatefulSet", "apps/v1,DaemonSet", "v1,ReplicationController"})
  void aPodOfAnotherWorkloadIsMendedInIt(String apiVersion, String kind) throws Exception {
    assertThat(denial("standard", owned(apiVersion, kind, "web")))
        .startsWith(
            PRIVILEGED_LINE
                + NOT_PRIVILEGED
                + "Fix %s \"web\", under spec.template. Set:\nspec:\n  template:\n    spec:\n"
                    .formatted(kind));
  }

  @Test
  void aJobIsCreatedAgainAndACronJobIsMended() throws Exception {
    assertThat(denial("standard", owned("batch/v1", "Job", "report-1")))
        .startsWith(
            PRIVILEGED_LINE
                + NOT_PRIVILEGED
                + "Fix the manifest of Job \"report-1\" under spec.template, delete the Job and create it again;"
                + " if a CronJob makes it, fix the CronJob, under spec.jobTemplate.spec.template. Set:\n"
                + "spec:\n  template:\n    spec:\n");
  }

  @Test
  void aPodOfAnOperatorsIsMendedInTheOperatorsResource() throws Exception {
    assertThat(denial("standard", owned("example.com/v1", "ReplicaSet", "db")))
        .startsWith(
            PRIVILEGED_LINE
                + NOT_PRIVILEGED
                + "Fix ReplicaSet \"db\", which creates this pod, where it describes its pods. They need:\n"
                + "spec:\n  containers:\n");
  }

  @Test
  void anOwnerThatDoesNotControlThePodIsNotNamed() throws Exception {
    var pod =
        owned("apps/v1", "ReplicaSet", "web-7c9f").replace("controller: true", "controller: false");

    assertThat(denial("standard", pod)).contains("To fix, set:").doesNotContain("ReplicaSet");
  }

  @Test
  void aViolationThatOnlyItsAuthorCanMendNamesThePlaceAllTheSame() throws Exception {
    var configuration =
        """
        apiVersion: gambeson.dev/v1alpha1
        kind: GambesonConfig
        profiles: {standard: {rules: {ImageTag: {check: enforce}}}}
        """;
    var pod =
        """
        metadata:
          ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: db, uid: "1", controller: true}]
        spec:
          containers: [{name: web, image: nginx}]
        """;

    assertThat(denial(configuration, "standard", pod, "alice", "CREATE"))
        .endsWith(
            """
            (profile "standard")
            About the rule: gambeson rules ImageTag
            Fix StatefulSet "db", under spec.template.\
            """);
  }

  @Test
  void whatHasToGoIsMarkedAndWhatOnlyTheAuthorKnowsIsNamed() throws Exception {
    var configuration =
        """
        apiVersion: gambeson.dev/v1alpha1
        kind: GambesonConfig
        profiles:
          standard: {podSecurity: {enforce: restricted}, rules: {ImageTag: {check: enforce}}}
        """;
    var pod =
        """
        metadata: {}
        spec:
          securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
          containers:
          - name: web
            image: nginx
            ports: [{containerPort: 53, protocol: TCP}, {containerPort: 53, protocol: UDP, hostPort: 53}]
            securityContext: {runAsUser: 0, allowPrivilegeEscalation: false, capabilities: {drop: [all]}}
            volumeMounts: [{name: data, mountPath: /data}, {name: data, mountPath: /more}, {name: tmp, mountPath: /tmp}]
          volumes:
          - {name: tmp, emptyDir: {}}
          - {name: data, hostPath: {path: /srv/data}}
        """;

    assertThat(denial(configuration, "standard", pod, "alice", "UPDATE"))
        .endsWith(
            """
            Not in the YAML below, for only you can decide: ImageTag.
            With the YAML below, a container may not start, or not work, if it needs the volume;\
             if its image runs as root, unless runAsUser is set to another user that the image supports;\
             if it needs one of the capabilities.
            To fix, set:
            spec:
              volumes:
              - name: data # remove
              containers:
              - name: web
                ports:
                - containerPort: 53
                  protocol: UDP
                  hostPort: null # remove
                securityContext:
                  runAsUser: null # remove
                  capabilities:
                    drop:
                    - ALL
                volumeMounts:
                - name: data # remove\
            """);
  }

  @Test
  void anElementWithoutANameIsMarkedFieldByField() throws Exception {
    var configuration =
        """
        apiVersion: gambeson.dev/v1alpha1
        kind: GambesonConfig
        profiles: {standard: {rules: {Tolerations: {check: enforce}}}}
        """;
    var pod =
        """
        metadata: {}
        spec:
          containers: [{name: web, image: "web:1"}]
          tolerations:
          - {key: dedicated, operator: Equal, value: web, effect: NoSchedule}
          - {key: "", operator: Exists, effect: NoExecute, tolerationSeconds: 300}
          - {key: node-role.kubernetes.io/master, operator: Equal, value: "true"}
        """;

    assertThat(denial(configuration, "standard", pod, "alice", "CREATE"))
        .endsWith(
            """
            With the YAML below, a container may not start, or not work, if it can run only on nodes\
             with such a taint.
            To fix, set:
            spec:
              tolerations:
              - key: '' # remove
                operator: Exists # remove
                effect: NoExecute # remove
                tolerationSeconds: 300 # remove
              - key: node-role.kubernetes.io/master # remove
                operator: Equal # remove
                value: 'true' # remove\
            """);
  }

  @Test
  void whatAControllerIsToldFitsIntoAnEventAndIsCutAtAViolation() throws Exception {
    for (int count = 1; count < 40; count++) {
      var message =
          denial(
              "standard",
              """
              metadata:
                ownerReferences: [{apiVersion: batch/v1, kind: Job, name: %s, uid: "1", controller: true}]
              spec:
                containers: [%s]
              """
                  .formatted("j".repeat(63), privileged(count)));

      assertThat(message.length()).as(message).isLessThanOrEqualTo(900);
      var lines = message.lines().toList();
      long shown = lines.stream().filter(line -> line.startsWith("[Privileged]")).count();
      assertThat(lines.stream().filter(line -> line.startsWith("[")))
          .allMatch(line -> line.endsWith("found true, wanted false"));
      assertThat(shown).isPositive();
      if (shown < count) {
        assertThat(message)
            .contains("\n… and " + (count - shown) + " more violations\n")
            .contains(
                "Where a line above has …, see all with: gambeson review --profile standard FILE\n");
      }
      int yaml = message.indexOf("Set:\n");
      if (yaml < 0) {
        assertThat(message)
            .contains(
                "(The YAML to paste is too long for this message: gambeson review shows it.)");
      } else {
        var written = message.substring(yaml + "Set:\n".length());
        JsonNode containers =
            MAPPER.valueToTree(new Yaml().load(written)).at("/spec/template/spec/containers");
        assertThat(containers)
            .allMatch(container -> !container.at("/securityContext/privileged").asBoolean(true));
        assertThat(written.contains("\n# … and ")).isEqualTo(containers.size() < count);
      }
    }
  }

  @Test
  void theValuesThatAreAllowedAreListed() throws Exception {
    var pod =
        """
        metadata: {}
        spec:
          securityContext:
            seLinuxOptions: {type: spc_t}
            sysctls: [{name: net.core.somaxconn, value: "1024"}]
          containers:
          - {name: web, image: nginx, securityContext: {capabilities: {add: [IPC_LOCK, CHOWN]}}}
          volumes: [{name: data, nfs: {server: nfs.example.com, path: /}}]
        """;

    assertThat(denial("standard", pod))
        .contains(
            "Allowed by Capabilities: AUDIT_WRITE, CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, MKNOD,"
                + " NET_BIND_SERVICE, SETFCAP, SETGID, SETPCAP, SETUID, SYS_CHROOT\n")
        .contains("Allowed by Sysctls: kernel.shm_rmid_forced, net.ipv4.ip_local_port_range, ")
        .contains(
            "Allowed by SELinuxOptions: container_t, container_init_t, container_kvm_t,"
                + " container_engine_t\n");
    assertThat(denial("strict", pod))
        .as("CHOWN, which strict refuses at the next try, is not named")
        .contains("found IPC_LOCK, wanted at most NET_BIND_SERVICE\n")
        .doesNotContain("Allowed by Capabilities")
        .contains(
            "Allowed by VolumeTypes: configMap, csi, downwardAPI, emptyDir, ephemeral, image,"
                + " persistentVolumeClaim, projected, secret\n");
  }

  @Test
  void aLongListOfAllowedValuesIsCut() throws Exception {
    var configuration =
        """
        apiVersion: gambeson.dev/v1alpha1
        kind: GambesonConfig
        profiles:
          standard: {rules: {ImageRegistry: {check: enforce, allowed: [%s]}}}
        """
            .formatted(
                IntStream.range(0, 30)
                    .mapToObj("registry-%d.example.com/*"::formatted)
                    .collect(Collectors.joining(", ")));

    assertThat(denial(configuration, "standard", PRIVILEGED, "alice", "CREATE"))
        .contains("Allowed by ImageRegistry: registry-0.example.com/*, ")
        .contains(", registry-19.example.com/*, … (30 in all)\n");
  }

  @Test
  void aLineThatIsShortenedNamesTheCommandThatShowsAll() throws Exception {
    var full = "see all with: gambeson review --profile standard FILE";
    assertThat(denial("standard", PRIVILEGED)).doesNotContain(full);
    assertThat(denial("standard", PRIVILEGED.replace("name: web", "name: " + "w".repeat(200))))
        .contains("…", full);
  }

  @Test
  void theHelpOfTheConfigurationIsNamed() throws Exception {
    var pod =
        PRIVILEGED.replace(
            "spec:", "spec:\n  hostNetwork: true\n  volumes: [{name: a, hostPath: {path: /}}]");
    var each = help("{url: 'https://wiki.example.com/{rule}?all#{rule}', contact: '#platform'}");
    assertThat(denial(each, "standard", pod, "alice", "CREATE"))
        .contains(
            """
            (profile "standard")
            About the rule: gambeson rules HostNamespaces
            https://wiki.example.com/HostNamespaces?all#HostNamespaces
            https://wiki.example.com/HostPathVolumes?all#HostPathVolumes
            https://wiki.example.com/Privileged?all#Privileged
            Questions: #platform
            """);
    assertThat(denial(help("{url: 'http://wiki.example.com'}"), "standard", pod, "alice", "CREATE"))
        .contains("(likewise HostPathVolumes, Privileged)\nhttp://wiki.example.com\nWith")
        .doesNotContain("Questions");
  }

  @Test
  void aControllersEventHasTheFirstPageOnlyAndStaysWithinItsBound() throws Exception {
    var longest =
        help(
            "{url: 'https://wiki.example.com/%s/{rule}', contact: '%s'}"
                .formatted("p".repeat(168), "問".repeat(100)));
    for (int count : List.of(1, 2, 50)) {
      var pod =
          """
          metadata: {}
          spec:
            hostNetwork: true
            containers: [%s]
          """
              .formatted(privileged(count));
      var message =
          denial(
              longest,
              "standard",
              pod,
              "system:serviceaccount:kube-system:job-controller",
              "CREATE");
      assertThat(message.getBytes(UTF_8).length).as(message).isLessThanOrEqualTo(900);
      assertThat(message)
          .contains("ppp/HostNamespaces\n")
          .doesNotContain("ppp/Privileged", "likewise");
    }
  }

  private static String help(String help) {
    return "apiVersion: gambeson.dev/v1alpha1\nkind: GambesonConfig\nhelp: " + help + "\n";
  }

  @Test
  void whoeverAsksInPersonIsToldEverything() throws Exception {
    var pod = "metadata: {}\nspec: {containers: [%s]}".formatted(privileged(30));

    assertThat(denial("standard", pod).lines().filter(line -> line.startsWith("[Privileged]")))
        .hasSize(30);
    assertThat(
            denial(
                "standard",
                pod,
                "system:serviceaccount:kube-system:replicaset-controller",
                "CREATE"))
        .hasSizeLessThanOrEqualTo(900);
  }

  @ParameterizedTest
  @ValueSource(strings = {"standard", "strict"})
  void aControllersNextTryIsToldTheSame(String profile) throws Exception {
    assertThat(denial(profile, attempt("web-7c9f-4xk2p", "kube-api-access-4xk2p")))
        .contains("[Privileged] ", "[HostPathVolumes] ")
        .isEqualTo(denial(profile, attempt("web-7c9f-b7q9z", "kube-api-access-b7q9z")));
  }

  @Test
  void longNamesAreShortenedInsideAndNothingElseIs() throws Exception {
    var message =
        denial(
            "standard",
            """
            metadata: {}
            spec:
              containers:
              - name: %s
                image: nginx
                livenessProbe: {httpGet: {port: 80, host: %s}}
            """
                .formatted("first-" + "c".repeat(50) + "-last", "a." + "h".repeat(230) + ".com"));

    assertThat(message.lines().findFirst().orElseThrow())
        .hasSize(200)
        .matches(
            "\\[HostProbes] container \"first-…-last\":"
                + " spec\\.containers\\[0]\\.livenessProbe\\.httpGet\\.host: found a\\.h+…h+\\.com,"
                + " wanted no host, which means the pod itself");
  }

  @Test
  void aDebugContainerIsMendedByKubectlsProfile() throws Exception {
    var pod =
        """
        metadata: {}
        spec:
          containers: [{name: web, image: nginx}]
          ephemeralContainers:
          - {name: debugger-x1, image: busybox, securityContext: {capabilities: {add: [SYS_PTRACE]}}}
        """;

    assertThat(denial("standard", pod, "alice", "UPDATE"))
        .endsWith("\nkubectl debug --profile=restricted sets what Pod Security requires.")
        .doesNotContain("spec:");
  }

  @ParameterizedTest
  @CsvSource({"CREATE, true", "UPDATE, false"})
  void noFixReachesWhatChangesLater(String operation, boolean reached) throws Exception {
    var pod =
        """
        metadata: {}
        spec:
          containers: [{name: web, image: nginx}]
          ephemeralContainers: [{name: debugger-x1, image: busybox}]
        """;

    assertThat(denial("strict", pod, "alice", operation).contains("did not reach this pod"))
        .isEqualTo(reached);
  }

  @Test
  void whatKubectlsProfileDoesNotSetIsAPieceOfTheDebugContainer() throws Exception {
    var configuration =
        """
        apiVersion: gambeson.dev/v1alpha1
        kind: GambesonConfig
        profiles:
          standard:
            rules:
              ReadOnlyRootFilesystem: {fix: off, check: enforce}
        """;
    var pod =
        """
        metadata: {}
        spec:
          containers: [{name: web, image: nginx, securityContext: {readOnlyRootFilesystem: true}}]
          ephemeralContainers: [{name: debugger-x1, image: busybox}]
        """;

    assertThat(denial(configuration, "standard", pod, "alice", "UPDATE"))
        .endsWith(
            "\nFor kubectl debug --custom=FILE:\nsecurityContext:\n  readOnlyRootFilesystem: true");
  }

  @Test
  void aPodForWindowsIsAskedToSaySo() throws Exception {
    var message =
        denial(
            "strict",
            """
            metadata: {}
            spec:
              nodeSelector: {kubernetes.io/os: windows}
              volumes: [{name: logs, hostPath: {path: "C:/logs"}}]
              containers:
              - {name: web, image: iis}
              - {name: agent, image: agent, securityContext: {windowsOptions: {hostProcess: true}}}
            """);

    assertThat(message)
        .startsWith(
            """
            [SeccompProfile] spec.os.name: found nothing beside a node selector for Windows,\
             wanted windows, which Pod Security exempts from this rule
            [AllowPrivilegeEscalation] spec.os.name:\
            """)
        .contains(
            "[Capabilities] spec.os.name: ",
            "[HostPathVolumes] ",
            "[WindowsHostProcess] container \"agent\": ")
        .doesNotContain("allowPrivilegeEscalation")
        .contains("spec:\n  os:\n    name: windows\n");
  }

  @Test
  void aFixThatItsAuthorSkipsWouldNotHeal() throws Exception {
    var configuration =
        """
        apiVersion: gambeson.dev/v1alpha1
        kind: GambesonConfig
        profiles:
          standard:
            podSecurity: {enforce: restricted}
            skippable: [AllowPrivilegeEscalation]
            rules:
              Capabilities: {fix: apply}
        """;
    var pod =
        """
        metadata: {annotations: {gambeson.dev/skip-fixes: AllowPrivilegeEscalation}}
        spec:
          securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
          containers: [{name: web, image: nginx}]
        """;

    assertThat(denial(configuration, "standard", pod, "alice", "CREATE"))
        .contains("fix of Capabilities did not reach", "that part of the manifest is fine")
        .endsWith("securityContext:\n      allowPrivilegeEscalation: false");
  }

  @Test
  void aFixThatLeavesThePodAloneWouldNotHeal() throws Exception {
    var configuration =
        """
        apiVersion: gambeson.dev/v1alpha1
        kind: GambesonConfig
        profiles:
          standard: {rules: {AllowPrivilegeEscalation: {fix: apply, check: enforce}}}
        """;
    var pod =
        """
        metadata:
          ownerReferences: [{apiVersion: kubevirt.io/v1, kind: VirtualMachineInstance, name: vm, uid: x, controller: true}]
        spec:
          containers: [{name: compute, image: virt-launcher}]
        """;

    assertThat(denial(configuration, "standard", pod, "alice", "CREATE"))
        .startsWith("[AllowPrivilegeEscalation] container \"compute\": ")
        .contains("Fix VirtualMachineInstance \"vm\"")
        .doesNotContain("did not reach");
    assertThat(
            denial(
                configuration,
                "standard",
                pod.replace("VirtualMachineInstance", "Farm"),
                "alice",
                "CREATE"))
        .contains("fix of AllowPrivilegeEscalation did not reach this pod");
  }

  private static String privileged(int count) {
    return IntStream.range(0, count)
        .mapToObj("{name: c%d, image: nginx, securityContext: {privileged: true}}"::formatted)
        .collect(Collectors.joining(", "));
  }

  /** As the API server has made it: with another name and another volume for the token. */
  private static String attempt(String name, String tokenVolume) {
    return """
    metadata:
      name: %s
      ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: web-7c9f, uid: x, controller: true}]
    spec:
      serviceAccountName: default
      containers:
      - name: web
        image: nginx
        securityContext: {privileged: true}
        volumeMounts: [{name: %s, mountPath: /var/run/secrets/kubernetes.io/serviceaccount, readOnly: true}]
      volumes:
      - {name: logs, hostPath: {path: /var/log}}
      - name: %s
        projected: {sources: [{serviceAccountToken: {path: token, expirationSeconds: 3607}}]}
    """
        .formatted(name, tokenVolume, tokenVolume);
  }

  private static String owned(String apiVersion, String kind, String name) {
    return PRIVILEGED.replace(
        "metadata: {",
        "metadata: {ownerReferences: [{apiVersion: %s, kind: %s, name: %s, uid: x, controller: true}], "
            .formatted(apiVersion, kind, name));
  }

  private static String denial(String profile, String pod) throws Exception {
    return denial(profile, pod, "alice", "CREATE");
  }

  private static String denial(String profile, String pod, String user, String operation)
      throws Exception {
    return denial(
        "{apiVersion: gambeson.dev/v1alpha1, kind: GambesonConfig}", profile, pod, user, operation);
  }

  private static String denial(
      String configuration, String profile, String pod, String user, String operation)
      throws ConfigurationException, MalformedReviewException {
    var loaded = ConfigurationLoader.load(configuration, "test");
    JsonNode object = MAPPER.valueToTree(new Yaml().load(pod));
    var review = MAPPER.createObjectNode();
    review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
    ObjectNode request =
        review
            .putObject("request")
            .put("uid", "1")
            .put("operation", operation)
            .put("namespace", "shop");
    request.putObject("kind").put("group", "").put("version", "v1").put("kind", "Pod");
    request.putObject("userInfo").put("username", user);
    request.set("object", object);
    var clock = InstantSource.fixed(Instant.parse("2026-11-21T12:00:00Z"));
    var decision =
        new AdmissionPipeline(() -> loaded, clock, CODEC)
            .handle(
                new Route(Webhook.VALIDATE, profile, PodSecurityLevel.PRIVILEGED),
                CODEC.decode(review.toString().getBytes(UTF_8)));
    assertThat(decision).isInstanceOf(Decision.Denied.class);
    return ((Decision.Denied) decision).message();
  }
}
