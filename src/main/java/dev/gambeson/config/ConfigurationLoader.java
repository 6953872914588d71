package dev.gambeson.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.verdict.Configuration;
import dev.gambeson.verdict.Configuration.NamespaceProfile;
import dev.gambeson.verdict.Profile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads configurations: the built-in one, and files that say what differs from it. */
public final class ConfigurationLoader {
  static final String API_VERSION = "gambeson.dev/v1alpha1";
  static final String KIND = "GambesonConfig";
  static final String HEADER = "apiVersion: " + API_VERSION + ", kind: " + KIND;
  static final String BUILT_IN = "the built-in profiles";
  static final String PROFILE_NAME = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
  static final List<String> RESERVED_NAMES = List.of(ProfileLayer.NONE, Configuration.DEFAULT);
  static final String GLOB = "[-a-z0-9*]+";
  static final List<String> KEYS =
      List.of(
          "apiVersion",
          "kind",
          "enforcement",
          "defaultProfile",
          "namespaces",
          "profiles",
          "exemptions");

  private static final Pattern PROFILE_NAME_FORM = Pattern.compile(PROFILE_NAME);
  private static final Pattern GLOB_FORM = Pattern.compile(GLOB);
  private static final FieldPath PROFILES = FieldPath.of("profiles");
  private static final FieldPath DEFAULT_PROFILE = FieldPath.of("defaultProfile");

  /** What happens to a pod that breaks what is enforced. */
  enum Enforcement {
    ENFORCE,
    WARN
  }

  private final Problems problems;
  private final ConfigurationDocument builtIn;
  private final @Nullable ConfigurationDocument own;

  private ConfigurationLoader(@Nullable String text, String source) throws ConfigurationException {
    this.problems = new Problems();
    this.builtIn = ConfigurationDocument.read(builtInText(), BUILT_IN, problems);
    this.own = text == null ? null : ConfigurationDocument.read(text, source, problems);
  }

  /**
   * Reads a configuration.
   *
   * @param text YAML or JSON
   * @param source what to call it in messages: the file's name
   * @throws ConfigurationException if anything at all is wrong with it
   */
  public static Configuration load(String text, String source) throws ConfigurationException {
    return read(text, source).configuration();
  }

  /**
   * A configuration that can be used.
   *
   * @param warnings what is likely not meant, in the order of the file
   */
  public record Loaded(Configuration configuration, List<Problem> warnings) {
    public Loaded {
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * Reads a configuration, with what is likely not meant.
   *
   * @param text YAML or JSON
   * @param source what to call it in messages: the file's name
   * @throws ConfigurationException if anything at all is wrong with it
   */
  public static Loaded read(String text, String source) throws ConfigurationException {
    return new ConfigurationLoader(text, source).loaded();
  }

  /** The configuration where there is no file. */
  public static Configuration builtIn() {
    try {
      return new ConfigurationLoader(null, BUILT_IN).loaded().configuration();
    } catch (ConfigurationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String builtInText() {
    try (var resource = ConfigurationLoader.class.getResourceAsStream("builtin.yaml")) {
      return new String(Objects.requireNonNull(resource).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Loaded loaded() throws ConfigurationException {
    var top = own == null ? builtIn : own;
    checkHeader(top);
    checkKeys(top);
    var enforcement = enforcement(top);
    var resolver = resolver();
    var profiles = profiles(resolver);
    var namespaces = namespaces(top, profiles.keySet());
    var defaultProfile = defaultProfile(profiles.keySet());
    var exemptions = ExemptionEntries.read(top);
    if (!problems.all().isEmpty()) {
      throw new ConfigurationException(problems.all());
    }
    var warnings = new Problems();
    profiles.forEach((name, profile) ->
        RefusedInjections.report(profile, exemptions, resolver.resolve(name), warnings));
    return new Loaded(
        new Configuration(
            enforcement == Enforcement.ENFORCE, defaultProfile, namespaces, profiles, exemptions),
        warnings.all().stream().sorted(Problem.ORDER).toList());
  }

  private static void checkHeader(ConfigurationDocument document) {
    Map.of("apiVersion", API_VERSION, "kind", KIND)
        .forEach((key, wanted) -> {
          var node = document.at(FieldPath.of(key));
          if (!wanted.equals(node.textValue())) {
            document.report(
                FieldPath.of(key),
                node.isMissingNode()
                    ? "is missing: write " + key + ": " + wanted
                    : "must be " + wanted + ", not " + NodeText.text(node));
          }
        });
  }

  private static void checkKeys(ConfigurationDocument document) {
    document
        .at(FieldPath.ROOT)
        .fieldNames()
        .forEachRemaining(key -> {
          if (!KEYS.contains(key)) {
            document.report(FieldPath.of(key), "there is no such key" + Suggestion.text(key, KEYS));
          }
        });
  }

  private static Enforcement enforcement(ConfigurationDocument document) {
    var path = FieldPath.of("enforcement");
    var node = document.at(path);
    if (node.isMissingNode() || node.isNull()) {
      return Enforcement.ENFORCE;
    }
    var read = ScalarType.of(Enforcement.class).read(node, path, document::report);
    return read == null ? Enforcement.ENFORCE : (Enforcement) read;
  }

  private ProfileResolver resolver() {
    var builtInLayers = ProfileLayer.of(builtIn);
    var ownLayers = own == null ? List.<ProfileLayer>of() : ownLayers(own);
    builtInLayers.forEach(ProfileLayer::checkKeys);
    ownLayers.forEach(ProfileLayer::checkKeys);
    return new ProfileResolver(builtInLayers, ownLayers);
  }

  private static Map<String, Profile> profiles(ProfileResolver resolver) {
    var profiles = new LinkedHashMap<String, Profile>();
    for (var name : resolver.names()) {
      profiles.put(name, ProfileReader.read(resolver.resolve(name)));
    }
    return profiles;
  }

  private static List<ProfileLayer> ownLayers(ConfigurationDocument document) {
    var written = document.at(PROFILES);
    if (!written.isMissingNode() && !written.isNull() && !written.isObject()) {
      document.report(PROFILES, "must be an object of profiles by name");
    }
    var layers = ProfileLayer.of(document);
    for (var layer : layers) {
      if (!PROFILE_NAME_FORM.matcher(layer.name()).matches()
          || RESERVED_NAMES.contains(layer.name())) {
        layer.report(
            FieldPath.ROOT,
            "the name of a profile is part of URLs: lower case letters, digits and -, at most 63,"
                + " and neither none nor default");
      }
    }
    return layers;
  }

  private static List<NamespaceProfile> namespaces(
      ConfigurationDocument document, Collection<String> profiles) {
    var path = FieldPath.of("namespaces");
    var node = document.at(path);
    if (node.isMissingNode() || node.isNull()) {
      return List.of();
    }
    var type = new RecordType(NamespaceProfile.class);
    if (!node.isArray()) {
      new ListType(type).read(node, path, document::report);
      return List.of();
    }
    var entries = new ArrayList<NamespaceProfile>();
    for (int i = 0; i < node.size(); i++) {
      if (type.read(node.get(i), path.index(i), document::report)
          instanceof NamespaceProfile read) {
        entries.add(read);
      }
      checkEntry(document, path.index(i), node.get(i), profiles);
    }
    return entries;
  }

  private static void checkEntry(
      ConfigurationDocument document, FieldPath path, JsonNode entry, Collection<String> profiles) {
    if (entry.path("profile").isTextual()) {
      checkProfile(document, path.field("profile"), entry.path("profile").asText(), profiles);
    }
    var globs = entry.path("match");
    for (int i = 0; i < globs.size(); i++) {
      if (globs.path(i).isTextual() && !GLOB_FORM.matcher(globs.path(i).asText()).matches()) {
        document.report(
            path.field("match").index(i),
            "must be the name of a namespace, in which * stands for any characters");
      }
    }
    if (entry.isObject() && globs.isEmpty() && !globs.isValueNode()) {
      document.report(path, "matches no namespace: write match: [\"prod-*\"] for example");
    }
  }

  private String defaultProfile(Collection<String> profiles) {
    for (var document : own == null ? List.of(builtIn) : List.of(own, builtIn)) {
      var node = document.at(DEFAULT_PROFILE);
      if (node.isMissingNode() || node.isNull()) {
        continue;
      }
      var read = ScalarType.of(String.class).read(node, DEFAULT_PROFILE, document::report);
      if (read instanceof String name) {
        checkProfile(document, DEFAULT_PROFILE, name, profiles);
        return name;
      }
    }
    throw new IllegalStateException("the built-in configuration has no default profile");
  }

  private static void checkProfile(
      ConfigurationDocument document, FieldPath path, String name, Collection<String> profiles) {
    if (!profiles.contains(name)) {
      document.report(
          path, "there is no profile \"" + name + "\"" + Suggestion.text(name, profiles));
    }
  }
}
