package dev.gambeson.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The webhook configurations that register Gambeson as an installation does: one entry for each
 * profile that a namespace may choose by its label, and one for all other labels. Unlike there, a
 * call that fails refuses the pod, so that it shows.
 *
 * @param name of both configurations
 * @param profiles those with an entry of their own
 * @param address the address in an entry's {@code clientConfig}, in YAML, for a path
 * @param authorities whom the API server trusts, in PEM
 */
record Webhooks(
    String name, List<String> profiles, UnaryOperator<String> address, String authorities) {
  static final String PROFILE = "gambeson.dev/profile";
  static final String REGISTERED = "test.gambeson.dev/registered";

  /**
   * The mutating one.
   *
   * @param registered the values of the label {@value #REGISTERED} of the namespaces that it is for
   */
  String mutating(String... registered) {
    return configuration(
        registered,
        "MutatingWebhookConfiguration",
        "mutate",
        """
          reinvocationPolicy: IfNeeded
          rules:
          - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods], scope: Namespaced}
        """);
  }

  /**
   * The validating one.
   *
   * @param registered the values of the label {@value #REGISTERED} of the namespaces that it is for
   */
  String validating(String... registered) {
    return configuration(
        registered,
        "ValidatingWebhookConfiguration",
        "validate",
        """
          rules:
          - apiGroups: [""]
            apiVersions: [v1]
            operations: [CREATE, UPDATE]
            resources: [pods, pods/ephemeralcontainers]
            scope: Namespaced
        """);
  }

  private String configuration(String[] registered, String kind, String verb, String rules) {
    var chosen =
        profiles.stream()
            .map(profile ->
                entry(
                    registered,
                    "%s.%s.gambeson.dev".formatted(profile, verb),
                    "/%s/%s".formatted(verb, profile),
                    "operator: In, values: [%s]".formatted(profile),
                    rules));
    var others =
        entry(
            registered,
            "%s.gambeson.dev".formatted(verb),
            "/" + verb,
            "operator: NotIn, values: [%s]".formatted(String.join(", ", profiles)),
            rules);
    return """
    apiVersion: admissionregistration.k8s.io/v1
    kind: %s
    metadata: {name: %s}
    webhooks:
    %s
    """
        .formatted(
            kind, name, Stream.concat(chosen, Stream.of(others)).collect(Collectors.joining()));
  }

  private String entry(
      String[] registered, String name, String path, String ofProfile, String rules) {
    return """
    - name: %s
      clientConfig: {%s, caBundle: %s}
      namespaceSelector:
        matchExpressions:
        - {key: %s, operator: In, values: [%s]}
        - {key: %s, %s}
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
            PROFILE,
            ofProfile,
            rules);
  }
}
