package dev.gambeson.config;

import static dev.gambeson.config.ConfigurationLoaderTest.HEADER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;

/** No mistake hides another: all are told at once, each with its line. */
class MistakesTest {

  @Test
  void inExemptions() {
    assertThat(
            problems(
                """
                exemptions:
                - rules: [HostPorts, Nope]
                  namespaces: [Logging]
                  reason: ''
                  approvedBy: ''
                  expires: 2027-02-30
                  grace: 200d
                - rules: [HostPorts]
                  users:
                  - 5
                  - system:kube-controller-manager
                  groups: [system:nodes, system:authenticated]
                  reason: 7
                - rules: [HostPathVolumes, HostPorts]
                  values: {paths: [log]}
                  grace: 7d
                  approvedBy: a
                """))
        .containsExactlyInAnyOrder(
            "4 exemptions[0].rules[1] there is no rule \"Nope\"",
            "5 exemptions[0].namespaces[0] must be the name of a namespace",
            "6 exemptions[0].reason is empty",
            "7 exemptions[0].approvedBy is empty",
            "8 exemptions[0].expires must be a day",
            "9 exemptions[0].grace is longer than 90 days",
            "10 exemptions[1].approvedBy approvedBy is missing",
            "12 exemptions[1].users[0] must be a string",
            "11 exemptions[1].users system:kube-controller-manager creates the pods of anyone's"
                + " workloads",
            "14 exemptions[1].groups[0] system:nodes creates the pods of anyone's workloads",
            "14 exemptions[1].groups[1] system:authenticated creates the pods of anyone's workloads",
            "15 exemptions[1].reason must be a string",
            "16 exemptions[2] write namespaces, users or groups",
            "16 exemptions[2].reason reason is missing",
            "16 exemptions[2].rules HostPathVolumes needs values",
            "18 exemptions[2].grace follows on expires");
  }

  @Test
  void inNamespacesAndProfiles() {
    assertThat(
            problems(
                """
                namespaces:
                - {match: [5, A], profile: nope}
                - {match: [b], profile: never}
                profiles:
                  standard:
                    skippable:
                    - 5
                    - Nope
                    rules:
                      LxcfsMounts: {pods: {matchLabels: {a: true}}, root: lxcfs}
                      Resources: {requests: {gpu: 1, cpu: 0}, required: [cpu], limits: {memory: 0}}
                      ImageRegistry:
                        allowed:
                        - nginx
                        - registry.example.com/*
                        - "*/app"
                        mirrors: [{from: "", to: a.example.com}]
                      Timezone: {strategy: image, imagePath: /zones}
                """))
        .containsExactlyInAnyOrder(
            "4 namespaces[0].match[0] must be a string",
            "4 namespaces[0].match[1] must be the name of a namespace",
            "4 namespaces[0].profile there is no profile \"nope\"",
            "5 namespaces[1].profile there is no profile \"never\"",
            "9 profiles.standard.skippable[0] must be a string",
            "10 profiles.standard.skippable[1] there is no rule \"Nope\"",
            "12 profiles.standard.rules.LxcfsMounts.pods.matchLabels.a must be a string",
            "12 profiles.standard.rules.LxcfsMounts.root root \"lxcfs\" is not an absolute path",
            "13 profiles.standard.rules.Resources.limits memory is not above zero",
            "13 profiles.standard.rules.Resources.requests.cpu cpu is not above zero",
            "13 profiles.standard.rules.Resources.requests.gpu \"gpu\" is none of cpu, memory, ephemeral-storage",
            "13 profiles.standard.rules.Resources.required \"cpu\"",
            "16 profiles.standard.rules.ImageRegistry.allowed[0] \"nginx\" is not a registry and repository",
            "18 profiles.standard.rules.ImageRegistry.allowed[2] \"*/app\" is not a registry and repository",
            "19 profiles.standard.rules.ImageRegistry.mirrors[0].from \"\" is not a registry, nor a path in one",
            "20 profiles.standard.rules.Timezone.imagePath imagePath \"/zones\" must be relative, without \"..\"",
            "20 profiles.standard.rules.Timezone.strategy strategy image needs the option image");
  }

  @Test
  void inPartsOfPods() {
    assertThat(
            problems(
                """
                profiles:
                  standard:
                    rules:
                      Sidecars:
                        sidecars:
                          logs:
                            pods: {}
                            container:
                              image: [logs]
                              imge: logs:1
                              securityContext:
                                runAsUser: root
                              env:
                              - {name: A, value: 1}
                              - {name: B, valeu: b}
                """))
        .containsExactly(
            "11 profiles.standard.rules.Sidecars.sidecars.logs.container.image must be a string",
            "12 profiles.standard.rules.Sidecars.sidecars.logs.container.imge the Kubernetes API has no"
                + " such field, did you mean \"image\"?",
            "14 profiles.standard.rules.Sidecars.sidecars.logs.container.securityContext.runAsUser must be"
                + " an integer",
            "16 profiles.standard.rules.Sidecars.sidecars.logs.container.env[0].value must be a string",
            "17 profiles.standard.rules.Sidecars.sidecars.logs.container.env[1].valeu the Kubernetes API"
                + " has no such field, did you mean \"value\"?");
  }

  /** The line, the place, and the beginning of what is wrong. */
  private static List<String> problems(String body) {
    return catchThrowableOfType(
            ConfigurationException.class, () -> ConfigurationLoader.load(HEADER + body, "x"))
        .problems()
        .stream()
        .map(problem ->
            problem.position().line()
                + " "
                + problem.path()
                + " "
                + problem
                    .message()
                    .replaceFirst(
                        "^(reason|approvedBy|grace|users|groups|limits|requests|required|allowed|from): ",
                        "")
                    .replaceFirst("(, not |, an?|, in which|, 2027|: |, and).*", ""))
        .toList();
  }
}
