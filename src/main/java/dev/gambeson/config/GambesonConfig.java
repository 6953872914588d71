package dev.gambeson.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.Doc;
import dev.gambeson.verdict.Configuration;
import dev.gambeson.verdict.Configuration.NamespaceProfile;
import dev.gambeson.verdict.Exemption;
import dev.gambeson.verdict.Help;
import dev.gambeson.verdict.Profile;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A configuration as a file writes it.
 *
 * @param profiles trees of {@link ProfileConfig#TYPE}, each to be merged over what it extends
 */
record GambesonConfig(
    String apiVersion,
    String kind,
    @Doc("`warn`: nothing is denied anywhere, every denial becomes a warning.")
        @Nullable Enforcement enforcement,
    @Doc("The profile of namespaces that choose none.") @Nullable String defaultProfile,
    @Doc(
            "Namespaces that have a profile whatever their label says; the first that matches"
                + " counts.")
        List<NamespaceProfile> namespaces,
    @Doc(
            "What pods may do although their profile refuses it. Each needs `namespaces`, `users` or"
                + " `groups`.")
        List<Exemption> exemptions,
    @Doc(
            "The profiles. One named observe, standard or strict extends the built-in one of that"
                + " name. Maps merge by key, scalars and lists replace, null removes.")
        Map<String, ObjectNode> profiles,
    @Doc("What a denial says of where to read on and whom to ask.") @Nullable Help help) {
  static final String DEFAULT_PROFILE = "defaultProfile";
  static final String NAMESPACES = "namespaces";
  static final String PROFILES = "profiles";

  static final String API_VERSION = "gambeson.dev/v1alpha1";
  static final String KIND = "GambesonConfig";

  /** What happens to a pod that breaks what is enforced. */
  enum Enforcement {
    ENFORCE,
    WARN
  }

  static final ObjectType TYPE =
      RecordType.of(
          GambesonConfig.class,
          Map.of(
              "apiVersion",
              ScalarType.constant(API_VERSION),
              "kind",
              ScalarType.constant(KIND),
              NAMESPACES,
              new ListType(
                  RecordType.of(
                      NamespaceProfile.class,
                      Map.of("match", new ListType(NameType.NAMESPACE_GLOB)))),
              "exemptions",
              new ListType(new ExemptionType()),
              PROFILES,
              new MapType(NameType.PROFILE, new ProfileTree()),
              "help",
              RecordType.of(Help.class, Map.of("url", NameType.URL, "contact", NameType.CONTACT))));

  /** Profiles before they are merged: only then is known what is wrong in them. */
  private record ProfileTree() implements ValueType {
    @Override
    public String wanted() {
      return ProfileConfig.TYPE.wanted();
    }

    @Override
    public @Nullable Object read(JsonNode node, FieldPath path, ProblemReporter problems) {
      if (node instanceof ObjectNode tree) {
        return tree;
      }
      if (node.isNull()) {
        return JsonNodeFactory.instance.objectNode();
      }
      problems.report(path, "must be " + wanted());
      return null;
    }

    @Override
    public JsonNode write(Object tree) {
      return (ObjectNode) tree;
    }

    @Override
    public ObjectNode schema() {
      return JsonNodeFactory.instance.objectNode().put("$ref", "#/$defs/profile");
    }
  }

  static GambesonConfig of(Configuration configuration) {
    return new GambesonConfig(
        API_VERSION,
        KIND,
        configuration.enforce() ? Enforcement.ENFORCE : Enforcement.WARN,
        configuration.defaultProfile(),
        configuration.namespaces(),
        configuration.exemptions(),
        trees(configuration.profiles().values()),
        configuration.help().equals(Help.NONE) ? null : configuration.help());
  }

  /** Profiles of namespaces, and nothing else. */
  static GambesonConfig of(List<NamespaceProfile> namespaces) {
    return new GambesonConfig(API_VERSION, KIND, null, null, namespaces, List.of(), Map.of(), null);
  }

  /** That of one profile. */
  static GambesonConfig of(Profile profile) {
    return new GambesonConfig(
        API_VERSION, KIND, null, null, List.of(), List.of(), trees(List.of(profile)), null);
  }

  private static Map<String, ObjectNode> trees(Collection<Profile> profiles) {
    return profiles.stream().collect(Collectors.toMap(Profile::name, ProfileConfig::tree));
  }
}
