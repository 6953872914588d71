package dev.gambeson.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The webhook configurations that register Gambeson as an installation does: one entry for each
 * profile that a namespace may choose by its label and each level of Pod Security that it may
 * enforce, and one for all other labels. Unlike there, a call that fails refuses the pod, so that
 * it shows.
 *
 * @param name of both configurations
 * @param profiles those with an entry of their own
 * @param address the address in an entry's {@code clientConfig}, in YAML, for a path
 * @param authorities whom the API server trusts, in PEM
 */
record Webhooks(
    String name, List<String> profiles, UnaryOperator<String> address, String authorities) {
  static final String PROFILE = "gambeson.dev/profile";
  static final String LEVEL = "pod-security.kubernetes.io/enforce";
  static final String REGISTERED = "test.gambeson.dev/registered";

  private static final List<String> LEVELS = List.of("baseline", "restricted");

  /** What an entry of a webhook is called for. */
  private record Hook(String name, String verb, String rules) {}

  private static final Hook FIXES =
      new Hook(
          "mutate",
          "mutate",
          """
            reinvocationPolicy: IfNeeded
            rules:
            - {apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [pods], scope: Namespaced}
            - {apiGroups: [batch], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [cronjobs], scope: Namespaced}
          """);

  private static final Hook CHECKS =
      new Hook(
          "validate",
          "validate",
          """
            rules:
            - apiGroups: [""]
              apiVersions: [v1]
              operations: [CREATE, UPDATE]
              resources: [pods, pods/ephemeralcontainers, pods/resize]
              scope: Namespaced
          """);

  private static final Hook WORKLOADS =
      new Hook(
          "workloads",
          "validate",
          """
            rules:
            - {apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [podtemplates, replicationcontrollers], scope: Namespaced}
            - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [deployments, statefulsets, daemonsets, replicasets], scope: Namespaced}
            - {apiGroups: [batch], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [jobs, cronjobs], scope: Namespaced}
          """);

  /**
   * The mutating one.
   *
   * @param registered the values of the label {@value #REGISTERED} of the namespaces that it is for
   */
  String mutating(String... registered) {
    return configuration(registered, "MutatingWebhookConfiguration", FIXES);
  }

  /**
   * The validating one.
   *
   * @param registered the values of the label {@value #REGISTERED} of the namespaces that it is for
   */
  String validating(String... registered) {
    return configuration(registered, "ValidatingWebhookConfiguration", CHECKS, WORKLOADS);
  }

  private String configuration(String[] registered, String kind, Hook... hooks) {
    return """
    apiVersion: admissionregistration.k8s.io/v1
    kind: %s
    metadata: {name: %s}
    webhooks:
    %s
    """
        .formatted(
            kind,
            name,
            Stream.of(hooks)
                .flatMap(hook -> entries(registered, hook))
                .collect(Collectors.joining()));
  }

  private Stream<String> entries(String[] registered, Hook hook) {
    var chosen = profiles.stream().flatMap(profile -> entries(registered, hook, profile));
    var others =
        entry(
            registered,
            "%s.gambeson.dev".formatted(hook.name()),
            "/" + hook.verb(),
            "{key: %s, operator: NotIn, values: [%s]}"
                .formatted(PROFILE, String.join(", ", profiles)),
            hook.rules());
    return Stream.concat(chosen, Stream.of(others));
  }

  /** One for the namespaces of each level that Kubernetes' own Pod Security admission enforces. */
  private Stream<String> entries(String[] registered, Hook hook, String profile) {
    var ofProfile = "{key: %s, operator: In, values: [%s]}, ".formatted(PROFILE, profile);
    var privileged =
        entry(
            registered,
            "%s.%s.gambeson.dev".formatted(profile, hook.name()),
            "/%s/%s".formatted(hook.verb(), profile),
            ofProfile + "{key: %s, operator: NotIn, values: %s}".formatted(LEVEL, LEVELS),
            hook.rules());
    var enforced =
        LEVELS.stream()
            .map(level ->
                entry(
                    registered,
                    "%s.%s.%s.gambeson.dev".formatted(profile, level, hook.name()),
                    "/%s/%s/%s".formatted(hook.verb(), profile, level),
                    ofProfile + "{key: %s, operator: In, values: [%s]}".formatted(LEVEL, level),
                    hook.rules()));
    return Stream.concat(Stream.of(privileged), enforced);
  }

  private String entry(
      String[] registered, String name, String path, String expressions, String rules) {
    return """
    - name: %s
      clientConfig: {%s, caBundle: %s}
      namespaceSelector:
        matchExpressions:
          [{key: %s, operator: In, values: [%s]}, %s]
      admissionReviewVersions: [v1]
      sideEffects: None
      matchPolicy: Equivalent
      failurePolicy: Fail
      timeoutSeconds: 20
    %s\
    """
        .formatted(
            name,
            address.apply(path),
            Base64.getEncoder().encodeToString(authorities.getBytes(UTF_8)),
            REGISTERED,
            String.join(", ", registered),
            expressions,
            rules);
  }
}
