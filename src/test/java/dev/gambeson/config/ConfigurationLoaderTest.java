package dev.gambeson.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gambeson.rule.ExceptedPods;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.PodSecurityVersion;
import dev.gambeson.rule.Rule;
import dev.gambeson.rules.Rules;
import dev.gambeson.verdict.CheckMode;
import dev.gambeson.verdict.Configuration;
import dev.gambeson.verdict.Configuration.NamespaceProfile;
import dev.gambeson.verdict.FixMode;
import dev.gambeson.verdict.PodSecurity;
import dev.gambeson.verdict.Profile;
import dev.gambeson.verdict.RuleSettings;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ConfigurationLoaderTest {
  static final String HEADER = "apiVersion: gambeson.dev/v1alpha1\nkind: GambesonConfig\n";

  private static Configuration load(String body) throws ConfigurationException {
    return ConfigurationLoader.load(HEADER + body, "gambeson.yaml");
  }

  static Profile profile(Configuration configuration, String name) {
    return Objects.requireNonNull(configuration.profiles().get(name), name);
  }

  static RuleSettings rule(Profile profile, String name) {
    return profile.rules().stream()
        .filter(settings -> settings.rule().name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static RuleSettings rule(String body, String profile, String rule)
      throws ConfigurationException {
    return rule(profile(load(body), profile), rule);
  }

  /** The options as the configuration writes them. */
  private static String options(RuleSettings settings) {
    return RecordType.of(settings.rule().getClass()).write(settings.rule()).toString();
  }

  private static void assertProblems(String body, String... problems) {
    assertThatThrownBy(() -> load(body))
        .isInstanceOfSatisfying(
            ConfigurationException.class,
            e -> assertThat(e.problems().stream().map(Problem::toString)).containsExactly(problems))
        .hasMessage(String.join("\n", problems));
  }

  @Test
  void aFileThatSaysNothingIsTheBuiltInConfiguration() throws ConfigurationException {
    assertThat(load("")).isEqualTo(ConfigurationLoader.builtIn());
    assertThat(load("profiles: {standard: {}, strict: null}\nnamespaces: []\nenforcement: null\n"))
        .isEqualTo(ConfigurationLoader.builtIn());
  }

  @Test
  void theTopLevelKeysArrive() throws ConfigurationException {
    var configuration =
        load(
            """
            enforcement: warn
            defaultProfile: strict
            namespaces:
            - {match: [a, "b-*"], profile: observe}
            """);
    assertThat(configuration.enforce()).isFalse();
    assertThat(configuration.defaultProfile()).isEqualTo("strict");
    assertThat(configuration.namespaces())
        .containsExactly(new NamespaceProfile(List.of("a", "b-*"), "observe"));
  }

  @Test
  void jsonIsReadAsWell() throws ConfigurationException {
    var json =
        "{\"apiVersion\":\"gambeson.dev/v1alpha1\",\t\"kind\":\"GambesonConfig\",\"enforcement\":\"warn\"}";
    assertThat(ConfigurationLoader.load(json, "x.json").enforce()).isFalse();
  }

  @Test
  void mapsMergeByKeyScalarsAndListsReplaceAndNullRemoves() throws ConfigurationException {
    var resources =
        rule(
            """
            profiles:
              standard:
                rules:
                  Resources:
                    fix: audit
                    requests: {cpu: 50m, memory: null}
                    required: [requests.cpu]
            """,
            "standard",
            "Resources");
    assertThat(resources.fix()).isEqualTo(FixMode.AUDIT);
    assertThat(resources.check()).isEqualTo(CheckMode.WARN);
    assertThat(options(resources))
        .isEqualTo(
            "{\"requests\":{\"cpu\":\"50m\"},\"limits\":{},\"required\":[\"requests.cpu\"],"
                + "\"maximum\":{},\"maxLimitRequestRatio\":{}}");
  }

  @Test
  void aRemovedRuleIsOffAndHasItsDefaultsARemovedMapIsEmptyARemovedScalarHasItsDefault()
      throws ConfigurationException {
    var body =
        """
        profiles:
          standard:
            rules:
              Timezone: null
              Resources: {requests: null, limits: null}
          strict: {rules: {PodAntiAffinity: {weight: 7}}}
          mine: {extends: strict, rules: {PodAntiAffinity: {weight: null}}}
        """;
    var timezone = rule(body, "standard", "Timezone");
    assertThat(timezone.fix()).isEqualTo(FixMode.OFF);
    assertThat(Rules.named("Timezone")).contains(timezone.rule());
    assertThat(options(rule(body, "standard", "Resources"))).contains("\"requests\":{},");
    assertThat(options(rule(body, "strict", "PodAntiAffinity"))).contains("\"weight\":7,");
    assertThat(options(rule(body, "mine", "PodAntiAffinity"))).contains("\"weight\":100,");
  }

  @Test
  void everyFixLeavesSomePodsAloneAndItsListsReplace() throws ConfigurationException {
    for (var name : List.of("observe", "standard", "strict")) {
      assertThat(profile(ConfigurationLoader.builtIn(), name).rules())
          .allSatisfy(settings ->
              assertThat(settings.except().ownerKinds())
                  .isEqualTo(
                      !(settings.rule() instanceof Rule.Fix)
                          ? List.of()
                          : settings.rule().name().equals("ServiceAccountToken")
                              ? List.of("VirtualMachineInstance", "Workflow")
                              : List.of("VirtualMachineInstance")));
    }
    var body =
        """
        profiles:
          strict: {rules: {HostNetworkDns: {except: {ownerKinds: [Job]}}}}
          mine: {extends: strict, rules: {HostNetworkDns: {except: {priorityClasses: [network, storage]}}}}
          bare: {extends: none, rules: {HostNetworkDns: {fix: apply, except: {ownerKinds: null}}}}
          nobody: {extends: strict, rules: {HostNetworkDns: {except: null}}}
        """;
    var nodes = List.of("system-node-critical");
    for (var name : List.of("strict", "observe")) {
      assertThat(rule(body, name, "HostNetworkDns").except())
          .as(name)
          .isEqualTo(new ExceptedPods(List.of("Job"), nodes));
    }
    assertThat(rule(body, "standard", "HostNetworkDns").except())
        .isEqualTo(new ExceptedPods(List.of("VirtualMachineInstance"), nodes));
    assertThat(rule(body, "mine", "HostNetworkDns").except())
        .isEqualTo(new ExceptedPods(List.of("Job"), List.of("network", "storage")));
    assertThat(rule(body, "bare", "HostNetworkDns").except())
        .isEqualTo(new ExceptedPods(List.of(), nodes));
    assertThat(rule(body, "nobody", "HostNetworkDns").except()).isEqualTo(ExceptedPods.NONE);
  }

  @Test
  void whatIsExceptedIsReadStrictly() {
    assertProblems(
        """
        profiles:
          mine:
            rules:
              Timezone: {except: {ownerKind: [Job]}}
              PodPresets: {except: {priorityClasses: [system-*]}}
              Resources: {except: {ownerKinds: [Deployment]}}
              RunAsUser: {except: {ownerKinds: [virtualmachineinstance]}}
              Capabilities: {except: {ownerKinds: [kubevirt.io/VirtualMachineInstance]}}
              HostUsers: {except: {ownerKinds: Job, priorityClasses: [1]}}
              ServiceLinks: {except: [Job]}
        """,
        "gambeson.yaml:6:27: profiles.mine.rules.Timezone.except.ownerKind: there is no such key, did"
            + " you mean \"ownerKinds\"?",
        "gambeson.yaml:7:29: profiles.mine.rules.PodPresets.except.priorityClasses: \"system-*\" is not"
            + " the name of a priority class, and patterns are not read: write system-node-critical for example",
        "gambeson.yaml:8:28: profiles.mine.rules.Resources.except.ownerKinds: no pod has a controller"
            + " of kind \"Deployment\": write ReplicaSet",
        "gambeson.yaml:9:28: profiles.mine.rules.RunAsUser.except.ownerKinds: no pod has a controller"
            + " of kind \"virtualmachineinstance\": write VirtualMachineInstance",
        "gambeson.yaml:10:31: profiles.mine.rules.Capabilities.except.ownerKinds:"
            + " \"kubevirt.io/VirtualMachineInstance\" is not a kind as the Kubernetes API spells it: write"
            + " VirtualMachineInstance for example",
        "gambeson.yaml:11:28: profiles.mine.rules.HostUsers.except.ownerKinds: must be a list: [a, b]",
        "gambeson.yaml:11:63: profiles.mine.rules.HostUsers.except.priorityClasses[0]: must be a string,"
            + " not 1 (quote it if it is a string)",
        "gambeson.yaml:12:22: profiles.mine.rules.ServiceLinks.except: must be an object with ownerKinds,"
            + " priorityClasses");
  }

  @Test
  void aSelectorReplacesAsAWhole() throws ConfigurationException {
    assertThat(
            options(
                rule(
                    "profiles: {standard: {rules: {LxcfsMounts: {fix: apply, pods: {}}}}}",
                    "standard",
                    "LxcfsMounts")))
        .contains("\"pods\":{\"matchLabels\":{},\"matchExpressions\":[]}");
  }

  @Test
  void whatExtendsAProfileFollowsIt() throws ConfigurationException {
    var body =
        """
        profiles:
          mine: {extends: strict, rules: {Resources: {check: "off"}}}
          standard: {rules: {Timezone: {zone: Asia/Shanghai}}}
        """;
    for (var name : List.of("standard", "strict", "observe", "mine")) {
      assertThat(options(rule(body, name, "Timezone"))).as(name).contains("Asia/Shanghai");
    }
    assertThat(rule(body, "mine", "Resources").check()).isEqualTo(CheckMode.OFF);
    assertThat(rule(body, "mine", "Capabilities").fix()).isEqualTo(FixMode.APPLY);
  }

  @Test
  void aProfileThatExtendsNothingStartsEmpty() throws ConfigurationException {
    var configuration =
        load("profiles: {mine: {}, strict: {extends: none, rules: {Timezone: {fix: apply}}}}");
    for (var name : List.of("mine", "strict")) {
      var profile = profile(configuration, name);
      assertThat(profile.podSecurity())
          .isEqualTo(
              new PodSecurity(
                  PodSecurityLevel.PRIVILEGED,
                  PodSecurityLevel.PRIVILEGED,
                  PodSecurityLevel.PRIVILEGED,
                  PodSecurityVersion.LATEST));
      assertThat(profile.skippable()).isEmpty();
      assertThat(rule(profile, "Resources").fix()).isEqualTo(FixMode.OFF);
    }
    assertThat(rule(profile(configuration, "observe"), "Timezone").fix()).isEqualTo(FixMode.AUDIT);
    assertThat(rule(profile(configuration, "observe"), "Resources").fix()).isEqualTo(FixMode.OFF);
  }

  @Test
  void observeIsTheEffectiveStrictInAuditAndItsOwnEntriesOverrideThat()
      throws ConfigurationException {
    var configuration =
        load(
            """
            profiles:
              observe: {rules: {Timezone: {fix: apply}}}
              strict:
                podSecurity: {enforce: baseline, warn: baseline, audit: restricted, version: v1.30}
                rules:
                  RunAsUser: {check: enforce, minimumUid: 1000}
                  ReadOnlyRootFilesystem: {fix: "off", check: warn, enforceFrom: 2027-01-15}
            """);
    var observe = profile(configuration, "observe");
    assertThat(observe.podSecurity())
        .isEqualTo(
            new PodSecurity(
                PodSecurityLevel.PRIVILEGED,
                PodSecurityLevel.PRIVILEGED,
                PodSecurityLevel.RESTRICTED,
                PodSecurityVersion.parse("v1.30")));
    assertThat(rule(observe, "RunAsUser").check()).isEqualTo(CheckMode.AUDIT);
    assertThat(options(rule(observe, "RunAsUser")))
        .isEqualTo("{\"minimumUid\":1000,\"auditedMinimumGid\":3000}");
    assertThat(rule(observe, "ReadOnlyRootFilesystem").fix()).isEqualTo(FixMode.OFF);
    assertThat(rule(observe, "ReadOnlyRootFilesystem").check()).isEqualTo(CheckMode.AUDIT);
    assertThat(rule(observe, "ReadOnlyRootFilesystem").enforceFrom()).isNull();
    assertThat(rule(observe, "Timezone").fix()).isEqualTo(FixMode.APPLY);
    assertThat(observe.rules())
        .filteredOn(settings -> !settings.rule().name().equals("Timezone"))
        .allSatisfy(settings -> {
          assertThat(settings.fix()).isNotEqualTo(FixMode.APPLY);
          assertThat(settings.check()).isLessThanOrEqualTo(CheckMode.AUDIT);
        });
  }

  @Test
  void offIsWhatYamlTakesForFalse() throws ConfigurationException {
    assertThat(
            rule("profiles: {standard: {rules: {Timezone: {fix: off}}}}", "standard", "Timezone")
                .fix())
        .isEqualTo(FixMode.OFF);
  }

  @Test
  void aDayInThePastIsAsGoodAsAnother() throws ConfigurationException {
    assertThat(
            rule(
                    "profiles: {standard: {rules: {Resources: {check: warn, enforceFrom: 1999-01-01}}}}",
                    "standard",
                    "Resources")
                .enforceFrom())
        .isEqualTo(LocalDate.parse("1999-01-01"));
  }

  @Test
  void aCheckMayRaiseAControl() throws ConfigurationException {
    var body =
        """
        profiles:
          standard:
            rules:
              AllowPrivilegeEscalation: {check: enforce}
              RunAsNonRoot: {check: warn, enforceFrom: 2027-01-15}
              SeccompProfile: {check: warn}
        """;
    assertThat(rule(body, "standard", "AllowPrivilegeEscalation").check())
        .isEqualTo(CheckMode.ENFORCE);
    assertThat(rule(body, "standard", "RunAsNonRoot").enforceFrom()).isNotNull();
    assertThat(rule(body, "standard", "SeccompProfile").check()).isEqualTo(CheckMode.OFF);
    assertThat(rule(body, "strict", "AllowPrivilegeEscalation").check()).isEqualTo(CheckMode.OFF);
  }

  @Test
  void aCheckMayNotLowerAControl() {
    assertProblems(
        """
        profiles:
          strict:
            rules:
              AllowPrivilegeEscalation: {check: warn}
              SeccompProfile: {check: off}
              RunAsUser: {check: off}
          standard:
            rules: {Privileged: {check: audit}}
        """,
        "gambeson.yaml:6:34: profiles.strict.rules.AllowPrivilegeEscalation.check: warn is milder"
            + " than what podSecurity does with this control (restricted: enforce): a check can only"
            + " raise it. Leave it out; single workloads are let through by exemptions, never by the"
            + " check",
        "gambeson.yaml:7:24: profiles.strict.rules.SeccompProfile.check: off is milder than what"
            + " podSecurity does with this control (baseline: enforce, restricted: enforce): a check"
            + " can only raise it. Leave it out; single workloads are let through by exemptions,"
            + " never by the check",
        "gambeson.yaml:10:26: profiles.standard.rules.Privileged.check: audit is milder than what"
            + " podSecurity does with this control (baseline: enforce): a check can only raise it."
            + " Leave it out; single workloads are let through by exemptions, never by the check");
  }

  @Test
  void unknownKeysAreErrorsAndNearOnesAreNamed() {
    assertProblems(
        """
        defaultProfil: strict
        spec: {}
        profiles:
          mine:
            extend: strict
            podSecurity: {enforced: baseline}
            rules:
              Timezon: {}
              Timezone: {fx: apply, zoen: UTC}
              LxcfsMounts: {pods: {matchLabel: {a: b}}}
        """,
        "gambeson.yaml:3:1: defaultProfil: there is no such key, did you mean \"defaultProfile\"?",
        "gambeson.yaml:4:1: spec: there is no such key",
        "gambeson.yaml:7:5: profiles.mine.extend: there is no such key, did you mean \"extends\"?",
        "gambeson.yaml:8:19: profiles.mine.podSecurity.enforced: there is no such key, did you mean"
            + " \"enforce\"?",
        "gambeson.yaml:10:7: profiles.mine.rules.Timezon: there is no such rule, did you mean"
            + " \"Timezone\"?",
        "gambeson.yaml:11:18: profiles.mine.rules.Timezone.fx: the rule has no such option, did you"
            + " mean \"fix\"?",
        "gambeson.yaml:11:29: profiles.mine.rules.Timezone.zoen: the rule has no such option, did"
            + " you mean \"zone\"?",
        "gambeson.yaml:12:28: profiles.mine.rules.LxcfsMounts.pods.matchLabel: there is no such key,"
            + " did you mean \"matchLabels\"?");
  }

  /** Even where null would remove it: somebody relies on what nobody reads. */
  @Test
  void anUnknownKeyIsAnErrorWhateverItsValue() {
    assertProblems(
        """
        foo: null
        profiles:
          standard:
            bar: null
            podSecurity: {enforced: null}
            rules:
              Timezon: null
              Timezone: {except: {ownerKind: null}, check: null}
              Resources: {request: null}
        """,
        "gambeson.yaml:3:1: foo: there is no such key",
        "gambeson.yaml:6:5: profiles.standard.bar: there is no such key",
        "gambeson.yaml:7:19: profiles.standard.podSecurity.enforced: there is no such key, did you"
            + " mean \"enforce\"?",
        "gambeson.yaml:9:7: profiles.standard.rules.Timezon: there is no such rule, did you mean"
            + " \"Timezone\"?",
        "gambeson.yaml:10:27: profiles.standard.rules.Timezone.except.ownerKind: there is no such"
            + " key, did you mean \"ownerKinds\"?",
        "gambeson.yaml:10:45: profiles.standard.rules.Timezone.check: the rule has no check: it only"
            + " fixes",
        "gambeson.yaml:11:19: profiles.standard.rules.Resources.request: the rule has no such"
            + " option, did you mean \"requests\"?");
  }

  @Test
  void nothingIsReadIntoTheWrongShape() {
    assertProblems(
        """
        namespaces: {match: [a], profile: strict}
        exemptions: {rules: [HostPorts]}
        profiles:
          one: 5
          two: {extends: [strict], rules: [Timezone]}
          three: {podSecurity: baseline, skippable: Timezone, rules: {Timezone: apply, HostPorts: enforce}}
        """,
        "gambeson.yaml:3:1: namespaces: must be a list: [a, b]",
        "gambeson.yaml:4:1: exemptions: must be a list: [a, b]",
        "gambeson.yaml:6:3: profiles.one: must be an object with extends, podSecurity, workloads,"
            + " skippable, rules",
        "gambeson.yaml:7:9: profiles.two.extends: must be a string, not a list",
        "gambeson.yaml:7:28: profiles.two.rules: must be an object of rules",
        "gambeson.yaml:8:11: profiles.three.podSecurity: must be an object with enforce, warn, audit,"
            + " version",
        "gambeson.yaml:8:34: profiles.three.skippable: must be a list: [a, b]",
        "gambeson.yaml:8:63: profiles.three.rules.Timezone: must be an object with fix, except, zone,"
            + " strategy, image, imagePath, cronJobs",
        "gambeson.yaml:8:80: profiles.three.rules.HostPorts: must be an object with check,"
            + " enforceFrom");
    assertProblems("profiles: [a]", "gambeson.yaml:3:1: profiles: must be an object: {key: value}");
  }

  /** What is wrong beside it is found all the same. */
  @Test
  void aCheckThatIsTooMildIsFoundBesideOtherMistakes() {
    assertProblems(
        """
        profiles:
          strict:
            skippable: [5]
            rules:
              Timezon: {}
              SeccompProfile: {check: off, fx: off}
        """,
        "gambeson.yaml:5:17: profiles.strict.skippable[0]: must be a string, not 5 (quote it if it is"
            + " a string)",
        "gambeson.yaml:7:7: profiles.strict.rules.Timezon: there is no such rule, did you mean"
            + " \"Timezone\"?",
        "gambeson.yaml:8:24: profiles.strict.rules.SeccompProfile.check: off is milder than what"
            + " podSecurity does with this control (baseline: enforce, restricted: enforce): a check"
            + " can only raise it. Leave it out; single workloads are let through by exemptions,"
            + " never by the check",
        "gambeson.yaml:8:36: profiles.strict.rules.SeccompProfile.fx: the rule has no such option, did"
            + " you mean \"fix\"?");
  }

  @Test
  void valuesOfTheWrongKindAreErrors() {
    assertProblems(
        """
        enforcement: enfoce
        namespaces:
        - {match: [Prod], profile: strct}
        - {match: []}
        - x
        profiles:
          standard:
            podSecurity: {enforce: base, version: 1.36}
            skippable: [Privileged, Timezones]
            rules:
              Timezone: {fix: yes, zone: Asia/Shangai}
              Resources: {check: deny, enforceFrom: tomorrow, requests: {cpu: lots}, required: requests.cpu}
              RunAsUser: {minimumUid: 1.5}
              ReadOnlyRootFilesystem: {writable: [1]}
        """,
        "gambeson.yaml:3:1: enforcement: must be enforce or warn, not \"enfoce\": did you mean"
            + " \"enforce\"?",
        "gambeson.yaml:5:12: namespaces[0].match[0]: must be the name of a namespace, in which * stands"
            + " for any characters",
        "gambeson.yaml:5:19: namespaces[0].profile: there is no profile \"strct\", did you mean"
            + " \"strict\"?",
        "gambeson.yaml:6:3: namespaces[1]: matches no namespace: write match: [\"prod-*\"] for"
            + " example",
        "gambeson.yaml:6:3: namespaces[1].profile: profile is missing",
        "gambeson.yaml:7:3: namespaces[2]: must be an object with match, profile",
        "gambeson.yaml:10:19: profiles.standard.podSecurity.enforce: must be privileged, baseline or"
            + " restricted, not \"base\"",
        "gambeson.yaml:10:34: profiles.standard.podSecurity.version: must be latest, or v1.36 for"
            + " example, not 1.36 (quote it if it is a string)",
        "gambeson.yaml:11:17: profiles.standard.skippable[0]: Privileged has no fix that a pod could"
            + " skip",
        "gambeson.yaml:11:29: profiles.standard.skippable[1]: there is no rule \"Timezones\", did you"
            + " mean \"Timezone\"?",
        "gambeson.yaml:13:18: profiles.standard.rules.Timezone.fix: must be off, audit or apply, not"
            + " true (quote it if it is a string)",
        "gambeson.yaml:13:28: profiles.standard.rules.Timezone.zone: must be a time zone of the IANA"
            + " database, not \"Asia/Shangai\": did you mean \"Asia/Shanghai\"?",
        "gambeson.yaml:14:19: profiles.standard.rules.Resources.check: must be off, audit, warn or"
            + " enforce, not \"deny\"",
        "gambeson.yaml:14:32: profiles.standard.rules.Resources.enforceFrom: must be a day, 2027-01-15"
            + " for example, not \"tomorrow\"",
        "gambeson.yaml:14:66: profiles.standard.rules.Resources.requests.cpu: must be a quantity, 100m"
            + " or 128Mi for example, not \"lots\"",
        "gambeson.yaml:14:78: profiles.standard.rules.Resources.required: must be a list: [a, b]",
        "gambeson.yaml:15:19: profiles.standard.rules.RunAsUser.minimumUid: must be an integer, not"
            + " 1.5 (quote it if it is a string)",
        "gambeson.yaml:16:43: profiles.standard.rules.ReadOnlyRootFilesystem.writable[0]: must be a"
            + " string, not 1 (quote it if it is a string)");
  }

  @Test
  void theHelpIsAnAddressAndALine() {
    assertProblems(
        """
        help: {url: "javascript:alert(1)", contact: "  "}
        """,
        "gambeson.yaml:3:8: help.url: must be a URL, https://wiki.example.com/gambeson/{rule} for"
            + " example",
        "gambeson.yaml:3:36: help.contact: must be one line: whom to ask");
    assertProblems(
        """
        help:
          url: "https://wiki.example.com/%s"
          contact: "%s"
        """
            .formatted("p".repeat(200), "c".repeat(101)),
        "gambeson.yaml:4:3: help.url: must have at most 200 characters",
        "gambeson.yaml:5:3: help.contact: must have at most 100 characters");
    for (var url :
        List.of(
            "https://",
            "https://a b",
            "https:///x",
            "ftp://a.example.com",
            "wiki",
            "http://a\nb")) {
      assertProblems(
          "help: {url: \"" + url + "\"}\n",
          "gambeson.yaml:3:8: help.url: must be a URL, https://wiki.example.com/gambeson/{rule}"
              + " for example");
    }
  }

  @Test
  void aLevelThatIsAlmostOneIsAnErrorAndNoFault() {
    assertProblems(
        """
        profiles:
          strict:
            podSecurity: {enforce: restrict}
        """,
        "gambeson.yaml:5:19: profiles.strict.podSecurity.enforce: must be privileged, baseline or"
            + " restricted, not \"restrict\": did you mean \"restricted\"?");
  }

  @Test
  void namesOfProfilesAndNamespacesAreChecked() {
    assertProblems(
        """
        defaultProfile: stirct
        namespaces:
        - {match: [Prod], profile: strct}
        - {match: [], profile: strict}
        profiles:
          Mine: {extends: strikt}
          strict: {extends: standard}
          default: {}
        """,
        "gambeson.yaml:3:1: defaultProfile: there is no profile \"stirct\", did you mean \"strict\"?",
        "gambeson.yaml:5:12: namespaces[0].match[0]: must be the name of a namespace, in which *"
            + " stands for any characters",
        "gambeson.yaml:5:19: namespaces[0].profile: there is no profile \"strct\", did you mean"
            + " \"strict\"?",
        "gambeson.yaml:6:3: namespaces[1]: matches no namespace: write match: [\"prod-*\"] for"
            + " example",
        "gambeson.yaml:8:3: profiles.Mine: the name of a profile is part of URLs: lower case letters,"
            + " digits and -, at most 63, and neither none nor default",
        "gambeson.yaml:8:10: profiles.Mine.extends: there is no profile \"strikt\", did you mean"
            + " \"strict\"?",
        "gambeson.yaml:9:12: profiles.strict.extends: a profile that is named like a built-in one"
            + " extends that one: leave it out, write none to start empty, or choose another name",
        "gambeson.yaml:10:3: profiles.default: the name of a profile is part of URLs: lower case"
            + " letters, digits and -, at most 63, and neither none nor default");
  }

  @Test
  void aCycleIsNamed() {
    assertProblems(
        """
        profiles:
          a: {extends: b}
          b: {extends: c}
          c: {extends: a}
          d: {extends: a}
        """,
        "gambeson.yaml:6:7: profiles.c.extends: the profiles extend each other: a → b → c → a");
    assertProblems(
        "profiles: {a: {extends: a}}",
        "gambeson.yaml:3:16: profiles.a.extends: the profiles extend each other: a → a");
  }

  @Test
  void aHalfThatTheRuleHasNotIsAnError() {
    assertProblems(
        """
        profiles:
          mine:
            rules:
              Privileged: {fix: apply, except: {ownerKinds: [Job]}}
              Timezone: {check: warn, enforceFrom: 2027-01-15}
        """,
        "gambeson.yaml:6:20: profiles.mine.rules.Privileged.fix: the rule has no fix: it only checks",
        "gambeson.yaml:6:32: profiles.mine.rules.Privileged.except: the rule has no fix: it only"
            + " checks",
        "gambeson.yaml:7:18: profiles.mine.rules.Timezone.check: the rule has no check: it only"
            + " fixes",
        "gambeson.yaml:7:31: profiles.mine.rules.Timezone.enforceFrom: the rule has no check: it only"
            + " fixes");
  }

  @Test
  void aDayCountsOnlyWithWarn() {
    assertProblems(
        "profiles: {strict: {rules: {Resources: {enforceFrom: 2027-01-15}}}}",
        "gambeson.yaml:3:41: profiles.strict.rules.Resources.enforceFrom: only a check of warn can"
            + " become enforce: write check: warn as well");
  }

  @Test
  void whatARuleRefusesIsAnErrorAtItsOptionOnce() {
    assertProblems(
        """
        profiles:
          standard:
            rules:
              Capabilities: {drop: [CAP_NET_RAW]}
              Resources: {requests: {memory: 1Gi}}
        """,
        "gambeson.yaml:6:22: profiles.standard.rules.Capabilities.drop: \"CAP_NET_RAW\" is not a"
            + " capability: write ALL, or NET_RAW for example",
        "gambeson.yaml:7:7: profiles.standard.rules.Resources: limits: memory is below the request"
            + " to fill in (in the profiles observe, strict)");
  }

  @Test
  void aFileThatIsNoConfigurationIsRefused() {
    assertRefused(
        "", "f:1:1: is empty: begin with apiVersion: gambeson.dev/v1alpha1, kind: GambesonConfig");
    assertRefused(
        "# nothing\n---\n",
        "f:1:1: is empty: begin with apiVersion: gambeson.dev/v1alpha1, kind: GambesonConfig");
    assertRefused("- a", "f:1:1: must be an object, not a list");
    assertRefused(
        "a: [",
        "f:1:5: expected the node content, but found '<stream end>', while parsing a flow node");
    assertRefused(
        "{apiVersion: v1, apiVersion: v1}",
        "f:1:18: the key \"apiVersion\" is also in line 1: remove one of them");
    assertRefused(
        HEADER + "---\n" + HEADER,
        "f:4:1: here begins a second document, and a configuration is one: merge the two");
    assertRefused(
        "kind: Config",
        "f:1:1: apiVersion: is missing: write apiVersion: gambeson.dev/v1alpha1\n"
            + "f:1:1: kind: must be GambesonConfig, not \"Config\"");
  }

  private static void assertRefused(String text, String message) {
    assertThatThrownBy(() -> ConfigurationLoader.load(text, "f"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(message);
  }
}
