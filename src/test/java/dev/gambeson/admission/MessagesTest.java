package dev.gambeson.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.Generated;
import dev.gambeson.advice.Snippet;
import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.pod.ContainerRef;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.rule.Removal;
import dev.gambeson.rule.Requester;
import dev.gambeson.rule.Rule;
import dev.gambeson.rule.Scope;
import dev.gambeson.rule.Violation;
import dev.gambeson.rules.RuleFixture;
import dev.gambeson.rules.Rules;
import dev.gambeson.verdict.CheckMode;
import dev.gambeson.verdict.Finding;
import dev.gambeson.verdict.Profile;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every rule says of the pods of its cases, each with an init and an ephemeral container like
 * its first one besides. {@code messages.txt} has all of it in one place.
 */
class MessagesTest {
  private static final Path ALL = Path.of("src/test/resources/messages.txt");
  private static final FieldPath IN_A_CRON_JOB =
      FieldPath.of("spec", "jobTemplate", "spec", "template");
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final ReviewCodec CODEC = new ReviewCodec();

  private static final Pattern FORM =
      Pattern.compile(
          "\\[(?<rule>\\w+)] (container \"[^\"]+\": )?(?<path>\\S+): found \\S.*, wanted \\S.*");

  /** A null, the name of a class, and what its objects and records print where nobody says how. */
  private static final Pattern INTERNALS =
      Pattern.compile(
          "\\bnull\\b|\\b(java|io\\.fabric8|dev\\.gambeson)\\.|@[0-9a-f]{6,}|\\w\\[\\w+=|\\w\\(\\w+=");

  private static final Map<Rule, List<Case>> CASES = new LinkedHashMap<>();

  /** A pod to which a rule says something. */
  private record Case(String rule, Profile profile, Scope scope, ObjectNode pod) {

    static Case of(RuleFixture fixture) throws ConfigurationException {
      return new Case(
          fixture.rule().name(),
          fixture.configuration().profileFor("default", null).profile(),
          fixture.scope(),
          withThreeKindsOfContainers(fixture.pod()));
    }

    List<Violation> violations() throws MalformedReviewException {
      return violations(pod);
    }

    List<Violation> violations(JsonNode judged) throws MalformedReviewException {
      return profile.check(CODEC.pod(judged), scope, NOW).findings().stream()
          .map(Finding::violation)
          .filter(violation -> violation.rule().equals(rule))
          .toList();
    }
  }

  @BeforeAll
  static void readCases() throws ConfigurationException {
    for (var rule : rules().toList()) {
      var cases = new ArrayList<Case>();
      for (var fixture : RuleFixture.of(rule)) {
        cases.add(Case.of(fixture));
      }
      CASES.put(rule, cases);
    }
  }

  static Stream<Rule> rules() {
    return Rules.all().stream().filter(rule -> rule instanceof Rule.Check);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void everyMessageIsALineThatATiredDeveloperUnderstands(Rule rule) throws Exception {
    for (var judged : cases(rule)) {
      for (var violation : judged.violations()) {
        var message = violation.message(FieldPath.ROOT);

        var form = FORM.matcher(message);
        assertThat(form.matches()).as(message).isTrue();
        assertThat(form.group("rule")).isEqualTo(violation.rule());
        assertThat(message).hasSizeLessThanOrEqualTo(200).doesNotContainPattern(INTERNALS);
        assertThat(violation.message(IN_A_CRON_JOB)).hasSizeLessThanOrEqualTo(200);
        assertThat(message.chars()).noneMatch(Character::isISOControl);
        assertThat(canExist(violation.path(), judged.pod)).as("the field in: " + message).isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rules")
  void everyKindOfContainerThatARuleLooksIntoIsNamed(Rule rule) throws Exception {
    var named = new TreeSet<String>();
    for (var judged : cases(rule)) {
      judged.violations().stream()
          .filter(violation -> violation.container() != null)
          .filter(violation -> violation.path().segments().get(2) instanceof Integer)
          .forEach(violation -> named.add(violation.path().segments().get(1).toString()));
    }

    if (!named.isEmpty()) {
      assertThat(named)
          .containsExactlyInAnyOrderElementsOf(
              rule.containerKinds().stream().map(ContainerRef.Kind::field).toList());
    }
  }

  @ParameterizedTest
  @MethodSource("rules")
  void whatIsToBePastedMendsWhatIsFound(Rule rule) throws Exception {
    for (var judged : cases(rule)) {
      var violations = judged.violations();
      for (var violation : violations) {
        if (violation.remedy() != null) {
          assertThat(judged.violations(pasted(judged.pod, List.of(violation))))
              .as(violation.message(FieldPath.ROOT) + ", with " + violation.remedy())
              .noneMatch(other -> sameFault(violation, other));
        }
      }
      var fixed = judged.violations(pasted(judged.pod, violations));
      for (var violation : violations) {
        if (violation.remedy() != null) {
          assertThat(fixed)
              .as(violation.message(FieldPath.ROOT) + ", with all remedies")
              .noneMatch(other -> sameFault(violation, other));
        }
      }
    }
  }

  @Test
  void theFirstLineSufficesWhateverIsAskedForAndFound() {
    var rules = Rules.all();
    for (int seed = 0; seed < 5_000; seed++) {
      var random = new Random(seed);
      var rule = rules.get(random.nextInt(rules.size())).name();
      var container = random.nextBoolean() ? null : text(random, 300);
      var path = FieldPath.of("spec", "containers", 0, text(random, 300));
      var violation =
          new Violation(
              rule, null, container, path, text(random, 300), text(random, 300), List.of(), null);
      var day = random.nextBoolean() ? null : LocalDate.of(2027, 1, 15);
      var expired =
          random.nextBoolean()
              ? ""
              : "the exemption approved by " + text(random, 100) + " expired on 2027-03-31";

      var message = new Finding(violation, CheckMode.WARN, day, expired).message(IN_A_CRON_JOB);

      assertThat(message)
          .as("seed " + seed)
          .hasSizeLessThanOrEqualTo(200)
          .startsWith("[" + rule + "] ")
          .contains(": found ", ", wanted ", day == null ? "" : " (enforced from 2027-01-15)")
          .endsWith(expired.isEmpty() ? "" : "expired on 2027-03-31)");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ImageRegistry: {check: warn, allowed: [one.example.com/*, two.example.com/*, three.example.com/*, four.example.com/*, five.example.com/*, six.example.com/*]} | wanted an image of one.example.com/*, two.example.com/*, three.example.com/*, … (6 in all)",
        "RequiredLabels: {check: warn, required: {team: [payments-and-billing, search-and-navigation, platform-and-tools, data]}} | wanted payments-and-billing or search-and-navigation or platform-and-tools or … (4 in all)",
        "ImageRegistry: {check: warn, allowed: [one.example.com/*]} | wanted an image of one.example.com/*",
      })
  void aLongListOfWhatIsAllowedIsCounted(String rule, String wanted) throws Exception {
    var configuration =
        ConfigurationLoader.load(
            """
            apiVersion: gambeson.dev/v1alpha1
            kind: GambesonConfig
            profiles: {standard: {rules: {%s}}}
            """
                .formatted(rule),
            "x");
    var choice = configuration.profileFor("default", "standard");
    var pod =
        CODEC.pod(
            MAPPER.readTree(
                "{\"metadata\":{},\"spec\":{\"containers\":[{\"name\":\"a\",\"image\":\"b:1\"}]}}"));
    var scope = choice.scope("default", PodSecurityLevel.PRIVILEGED, Requester.UNKNOWN, NOW);

    assertThat(choice.profile().check(pod, scope, NOW).findings())
        .extracting(finding -> finding.message(IN_A_CRON_JOB))
        .filteredOn(message -> message.startsWith("[" + rule.split(":", 2)[0]))
        .singleElement()
        .asString()
        .endsWith(wanted);
  }

  @Test
  @Tag(Generated.TAG)
  void allOfThemInOnePlace() throws Exception {
    var text = new ArrayList<String>();
    for (var rule : rules().toList()) {
      Set<String> messages = new TreeSet<>();
      for (var judged : cases(rule)) {
        judged.violations().forEach(violation -> messages.add(violation.message(FieldPath.ROOT)));
      }
      text.addAll(messages);
      text.add("");
    }
    Generated.assertUpToDate(ALL, String.join("\n", text) + "\n");
  }

  private static String text(Random random, int longest) {
    return "x".repeat(1 + random.nextInt(longest));
  }

  private static List<Case> cases(Rule rule) {
    return CASES.getOrDefault(rule, List.of());
  }

  private static ObjectNode withThreeKindsOfContainers(JsonNode fixture) {
    ObjectNode pod = fixture.deepCopy();
    var spec = (ObjectNode) pod.path("spec");
    for (var kind : List.of(ContainerRef.Kind.INIT, ContainerRef.Kind.EPHEMERAL)) {
      ObjectNode container = spec.path("containers").path(0).deepCopy();
      container.put("name", kind == ContainerRef.Kind.INIT ? "first" : "debug");
      spec.withArray(kind.field()).add(container);
    }
    return pod;
  }

  private static boolean sameFault(Violation one, Violation other) {
    return one.rule().equals(other.rule())
        && one.path().equals(other.path())
        // Where an element went, the next one takes its place.
        && (one.remedy() != Removal.ELEMENT || one.found().equals(other.found()))
        && one.level() == other.level();
  }

  private static JsonNode pasted(JsonNode pod, List<Violation> violations) {
    var yaml = Snippet.yaml(violations, pod, FieldPath.ROOT);
    return yaml.isEmpty() ? pod : Pasted.into(pod, yaml);
  }

  /** Whether the API has such a field, and the pod such an element of each list. */
  private static boolean canExist(FieldPath path, JsonNode pod) {
    var type = MAPPER.constructType(Pod.class);
    var here = pod;
    for (var segment : path.segments()) {
      if (segment instanceof Integer position) {
        if (!type.isCollectionLikeType() || !here.has(position)) {
          return false;
        }
        here = here.path(position);
        type = type.getContentType();
      } else {
        here = here.path(segment.toString());
        if (type.isMapLikeType()) {
          type = type.getContentType();
        } else {
          type = field(type, segment.toString());
          if (type == null) {
            return false;
          }
        }
      }
    }
    return true;
  }

  private static @Nullable JavaType field(JavaType type, String name) {
    return MAPPER.getSerializationConfig().introspect(type).findProperties().stream()
        .filter(property -> property.getName().equals(name))
        .map(BeanPropertyDefinition::getPrimaryType)
        .findFirst()
        .orElse(null);
  }
}
