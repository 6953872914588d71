package dev.gambeson.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.verdict.Configuration;
import dev.gambeson.verdict.Help;
import dev.gambeson.verdict.Profile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads configurations: the built-in one, and files that say what differs from it. */
public final class ConfigurationLoader {
  private static final FieldPath DEFAULT_PROFILE = FieldPath.of(GambesonConfig.DEFAULT_PROFILE);
  private static final FieldPath NAMESPACES = FieldPath.of(GambesonConfig.NAMESPACES);

  private final Problems problems;
  private final ConfigurationDocument builtIn;
  private final @Nullable ConfigurationDocument own;

  private ConfigurationLoader(@Nullable String text, String source) throws ConfigurationException {
    this.problems = new Problems();
    this.builtIn =
        ConfigurationDocument.read(builtInText(), ConfigurationDocument.BUILT_IN, problems);
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

  /** A configuration that can be used. */
  public static final class Loaded {
    private final Configuration configuration;
    private final ProfileResolver source;

    private Loaded(Configuration configuration, ProfileResolver source) {
      this.configuration = configuration;
      this.source = source;
    }

    public Configuration configuration() {
      return configuration;
    }

    /** What each profile of the file says otherwise than what it extends, where it does. */
    Map<String, ObjectNode> differences() {
      return source.differences();
    }

    /**
     * What is likely not meant, in the order of the file. To find it, pods are fixed and checked.
     */
    public List<Problem> warnings() {
      var warnings = new Problems();
      for (var name : source.names()) {
        var profile = Objects.requireNonNull(configuration.profiles().get(name));
        RefusedInjections.report(
            profile, configuration.exemptions(), source.resolve(name), warnings);
      }
      return warnings.all().stream().sorted(Problem.ORDER).toList();
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
      return new ConfigurationLoader(null, ConfigurationDocument.BUILT_IN).loaded().configuration();
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
    var written =
        (GambesonConfig) GambesonConfig.TYPE.read(top.at(FieldPath.ROOT), FieldPath.ROOT, top);
    var resolver =
        new ProfileResolver(
            ProfileLayer.of(builtIn), own == null ? List.of() : ProfileLayer.of(own));
    var profiles = new LinkedHashMap<String, Profile>();
    for (var name : resolver.names()) {
      profiles.put(name, ProfileReader.read(resolver.resolve(name)));
    }
    checkNames(top, profiles.keySet());
    if (written == null || !problems.all().isEmpty()) {
      throw new ConfigurationException(problems.all());
    }
    return new Loaded(
        new Configuration(
            written.enforcement() != GambesonConfig.Enforcement.WARN,
            written.defaultProfile() == null ? defaultProfile() : written.defaultProfile(),
            written.namespaces(),
            profiles,
            written.exemptions(),
            written.help() == null ? Help.NONE : written.help()),
        resolver);
  }

  private String defaultProfile() {
    return builtIn.at(DEFAULT_PROFILE).asText();
  }

  /** Reports the names of profiles that there are not, and entries that name no namespace. */
  private static void checkNames(ConfigurationDocument document, Collection<String> profiles) {
    checkProfile(document, DEFAULT_PROFILE, profiles);
    var entries = document.at(NAMESPACES);
    for (int i = 0; i < entries.size(); i++) {
      var path = NAMESPACES.index(i);
      checkProfile(document, path.field("profile"), profiles);
      var entry = document.at(path);
      var match = entry.path("match");
      if (entry.isObject() && match.isEmpty() && !match.isValueNode()) {
        document.report(path, "matches no namespace: write match: [\"prod-*\"] for example");
      }
    }
  }

  private static void checkProfile(
      ConfigurationDocument document, FieldPath path, Collection<String> profiles) {
    var name = document.at(path).textValue();
    if (name != null && !profiles.contains(name)) {
      document.report(path, Suggestion.unknown("profile", name, profiles));
    }
  }
}
