package dev.gambeson.apiserver;

import java.util.List;

/** The built-in profiles, and one that fixes as {@code strict} does and denies nothing. */
final class TestProfiles {
  static final String WARNED = "warned";

  static final List<String> NAMES = List.of("observe", "standard", "strict", WARNED);

  static final String CONFIGURATION =
      """
      apiVersion: gambeson.dev/v1alpha1
      kind: GambesonConfig
      profiles:
        warned:
          extends: strict
          podSecurity: {enforce: privileged, warn: restricted}
      """;

  private TestProfiles() {}
}
