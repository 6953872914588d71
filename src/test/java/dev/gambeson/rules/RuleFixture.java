package dev.gambeson.rules;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gambeson.admission.MalformedReviewException;
import dev.gambeson.admission.ReviewCodec;
import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodPatch;
import dev.gambeson.pod.SingleQuotedJson;
import dev.gambeson.rule.Exemptions;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.PodSecurityVersion;
import dev.gambeson.rule.Requester;
import dev.gambeson.rule.Risk;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.verdict.Configuration;
import dev.gambeson.verdict.Finding;
import dev.gambeson.verdict.FixMode;
import dev.gambeson.verdict.FixResult;
import dev.gambeson.verdict.Profile;
import dev.gambeson.yaml.YamlWriter;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.zjsonpatch.JsonPatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/**
 * One case of one rule, a folder {@code src/test/resources/rules/<rule>/<case>}:
 *
 * <ul>
 *   <li>{@code pod.yaml}: the pod as it arrives;
 *   <li>{@code rule.yaml}: the rule's entry in the profile; absent: both halves, with the defaults;
 *   <li>{@code scope.yaml}: {@code namespace}, enforced {@code level}, {@code user}, {@code groups}
 *       and {@code version} of the Pod Security Standards; absent: {@code default}, {@code
 *       privileged} and {@code v1.36};
 *   <li>{@code fixed.yaml}: the pod after the fix; absent: as it arrives;
 *   <li>{@code violations.txt}: the messages of the check for the pod as it arrives; absent: none;
 *   <li>{@code warnings.txt}: the warnings of the fix; absent: none.
 * </ul>
 */
public record RuleFixture(Rule rule, Path folder) {
  static final Path ROOT = Path.of("src/test/resources/rules");
  static final Set<String> FILES =
      Set.of("pod.yaml", "rule.yaml", "scope.yaml", "fixed.yaml", "violations.txt", "warnings.txt");

  private static final Pattern VAST_AMOUNT = Pattern.compile("\\d[eE]-?\\d{6}");
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final ReviewCodec CODEC = new ReviewCodec();
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  /**
   * What the rule did.
   *
   * @param patched the pod as JSON, with the patch applied to it
   * @param copy the model of the pod that the patch worked on
   * @param risks of each change of the fix
   * @param operationsOnPatched how many operations the fix still has for the patched pod
   */
  record Result(
      JsonNode patched,
      Pod copy,
      Set<Risk> risks,
      List<String> warnings,
      List<String> violations,
      int operationsOnPatched) {}

  @Override
  public String toString() {
    return folder.getFileName().toString();
  }

  /** Every case of the rule. */
  public static List<RuleFixture> of(Rule rule) {
    var folder = ROOT.resolve(rule.name());
    return Files.isDirectory(folder)
        ? list(folder).map(path -> new RuleFixture(rule, path)).toList()
        : List.of();
  }

  static Stream<Path> list(Path folder) {
    try (var entries = Files.list(folder)) {
      return entries.sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Whether a real API server can judge the pod. kube-apiserver computes the power of ten of an
   * amount such as {@code 1e2147483647}: for hours, on every core, and after the request has ended.
   */
  public boolean canBeSent() {
    return !VAST_AMOUNT.matcher(text("pod.yaml")).find();
  }

  public JsonNode pod() {
    return MAPPER.valueToTree(yaml("pod.yaml"));
  }

  public JsonNode fixed() {
    return has("fixed.yaml") ? MAPPER.valueToTree(yaml("fixed.yaml")) : pod();
  }

  List<String> lines(String file) {
    return has(file) ? text(file).lines().toList() : List.of();
  }

  public boolean has(String file) {
    return Files.exists(folder.resolve(file));
  }

  Result run() throws ConfigurationException, MalformedReviewException {
    var profile = profile();
    var scope = scope();
    var violations =
        profile.check(CODEC.pod(pod()), scope, NOW).findings().stream()
            .map(Finding::violation)
            .filter(violation -> violation.rule().equals(rule.name()))
            .map(violation -> violation.message(FieldPath.ROOT))
            .toList();
    var patch = new PodPatch(CODEC.pod(pod()));
    var fixed = profile.fix(FixMode.APPLY, patch, scope, Set.of());
    var risks =
        fixed.stream()
            .flatMap(fix -> fix.changes().stream())
            .map(FixResult.Change::risk)
            .collect(Collectors.toSet());
    var text = CODEC.patch(patch.operations());
    var operations = text == null ? null : SingleQuotedJson.read(text);
    var patched = operations == null ? pod() : reread(JsonPatch.apply(operations, pod()));
    var again = new PodPatch(CODEC.pod(patched));
    profile.fix(FixMode.APPLY, again, scope, Set.of());
    return new Result(
        patched, patch.pod(), risks, patch.warnings(), violations, again.operations().size());
  }

  /** A pod as its model holds it, so that what means the same is the same. */
  static JsonNode modelled(JsonNode pod) throws MalformedReviewException {
    return CODEC.json(CODEC.pod(pod));
  }

  static JsonNode json(Pod pod) {
    return CODEC.json(pod);
  }

  void rewrite(Result result) throws IOException {
    var plain = MAPPER.convertValue(result.patched(), Object.class);
    write("fixed.yaml", result.patched().equals(pod()) ? "" : YamlWriter.write(plain));
    write("violations.txt", text(result.violations()));
    write("warnings.txt", text(result.warnings()));
  }

  /** So that a number is of the same type as one that was read. */
  private static JsonNode reread(JsonNode node) {
    try {
      return MAPPER.readTree(node.toString());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(List<String> lines) {
    return String.join("", lines.stream().map(line -> line + "\n").toList());
  }

  private void write(String file, String content) throws IOException {
    if (content.isEmpty()) {
      Files.deleteIfExists(folder.resolve(file));
    } else {
      Files.writeString(folder.resolve(file), content);
    }
  }

  private Profile profile() throws ConfigurationException {
    return configuration().profileFor("default", null).profile();
  }

  /** A configuration whose default profile has this rule alone, as the case wants it. */
  public Configuration configuration() throws ConfigurationException {
    var entry = new LinkedHashMap<String, Object>();
    if (has("rule.yaml")) {
      yaml("rule.yaml").forEach((key, value) -> entry.put(key.toString(), value));
    } else {
      if (rule instanceof Rule.Fix) {
        entry.put("fix", "apply");
      }
      if (rule instanceof Rule.Check) {
        entry.put("check", "enforce");
      }
    }
    var configuration =
        Map.of(
            "apiVersion", "gambeson.dev/v1alpha1",
            "kind", "GambesonConfig",
            "defaultProfile", "fixture",
            "profiles",
                Map.of(
                    "fixture",
                    Map.of(
                        "podSecurity",
                            Map.of(
                                "audit", "restricted", "version", scopeEntry("version", "v1.36")),
                        "rules", Map.of(rule.name(), entry))));
    return ConfigurationLoader.load(YamlWriter.write(configuration), folder.toString());
  }

  /** What the rule knows of the case besides the pod. */
  public Scope scope() {
    return new Scope(
        scopeEntry("namespace", "default"),
        PodSecurityLevel.valueOf(scopeEntry("level", "privileged").toUpperCase(Locale.ROOT)),
        PodSecurityVersion.parse(scopeEntry("version", "v1.36")),
        PodSecurityLevel.PRIVILEGED,
        List::of,
        new Requester(scopeEntry("user", ""), Set.of(scopeEntry("groups", "").split(","))),
        Exemptions.NONE);
  }

  private String scopeEntry(String key, String otherwise) {
    var value = has("scope.yaml") ? yaml("scope.yaml").get(key) : null;
    return value == null ? otherwise : value.toString();
  }

  private Map<?, ?> yaml(String file) {
    return new Yaml().load(text(file));
  }

  private String text(String file) {
    try {
      return Files.readString(folder.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
