package dev.gambeson.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.review.JudgedObject;
import dev.gambeson.review.Review;
import dev.gambeson.review.ReviewedFile;
import dev.gambeson.rule.Grounds;
import dev.gambeson.rule.Violation;
import dev.gambeson.rules.Rules;
import dev.gambeson.verdict.CheckMode;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The violations for services that show them beside the code: SARIF 2.1.0, the Static Analysis
 * Results Interchange Format of OASIS.
 *
 * @param version of Gambeson
 * @param audits whether what is only audited is in it
 */
public record SarifReport(String version, boolean audits) implements ReviewReport {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";
  private static final String FINGERPRINT = "gambesonViolation/v1";

  @Override
  public String write(Review review) {
    var log = MAPPER.createObjectNode().put("$schema", SCHEMA).put("version", "2.1.0");
    var run = log.putArray("runs").addObject();
    var driver = run.putObject("tool").putObject("driver");
    driver.put("name", "Gambeson").put("version", version);
    var rules = driver.putArray("rules");
    var invocation = run.putArray("invocations").addObject();
    invocation.put("executionSuccessful", review.problems().isEmpty());
    var notifications = invocation.putArray("toolExecutionNotifications");
    review
        .problems()
        .forEach(problem ->
            notifications
                .addObject()
                .put("level", "error")
                .putObject("message")
                .put("text", problem));
    run.put("columnKind", "unicodeCodePoints");
    new Results(run.putArray("results"), rules).addAll(review);
    return log.toPrettyString() + "\n";
  }

  /** The results of a run, and the rules that they name. */
  private final class Results {
    private final ArrayNode results;
    private final ArrayNode rules;
    private final Map<String, Integer> positions = new LinkedHashMap<>();
    private final Fingerprints fingerprints = new Fingerprints();

    Results(ArrayNode results, ArrayNode rules) {
      this.results = results;
      this.rules = rules;
    }

    void addAll(Review review) {
      for (var file : review.files()) {
        for (var document : file.documents()) {
          document.objects().forEach(object -> add(object, document, file.name()));
        }
      }
    }

    private void add(JudgedObject object, ReviewedFile.Document document, String file) {
      for (var finding : object.review().findings()) {
        if (audits || finding.mode() != CheckMode.AUDIT) {
          add(finding.violation(), level(finding.mode()), object, document, file);
        }
      }
      for (var exempted : object.review().exempted()) {
        add(exempted.violation(), "warning", object, document, file)
            .putArray("suppressions")
            .addObject()
            .put("kind", "external")
            .put("status", "accepted")
            .put("justification", justification(exempted.grounds()));
      }
    }

    private ObjectNode add(
        Violation violation,
        String level,
        JudgedObject object,
        ReviewedFile.Document document,
        String file) {
      var path = object.path(violation);
      var position = Objects.requireNonNull(document.positions(), "of a manifest").ofField(path);
      var result = results.addObject();
      result.put("ruleId", violation.rule()).put("ruleIndex", position(violation.rule()));
      result.put("level", level);
      result
          .putObject("message")
          .put("text", object.title() + ": " + ViolationText.line(violation, object));
      var location = result.putArray("locations").addObject();
      var physical = location.putObject("physicalLocation");
      physical.putObject("artifactLocation").put("uri", uri(file));
      physical
          .putObject("region")
          .put("startLine", position.line())
          .put("startColumn", position.column());
      location
          .putArray("logicalLocations")
          .addObject()
          .put("fullyQualifiedName", object.title() + " " + Violation.clean(path.toString()))
          .put("kind", "resource");
      result
          .putObject("partialFingerprints")
          .put(FINGERPRINT, fingerprints.of(file, object, violation));
      return result;
    }

    /** The rule's place among those of the tool, which it gets when it is first named. */
    private int position(String rule) {
      return positions.computeIfAbsent(
          rule,
          name -> {
            describe(name, rules.addObject());
            return positions.size();
          });
    }
  }

  private static void describe(String name, ObjectNode rule) {
    var description =
        RuleDescription.of(Rules.named(name).orElseThrow(), ConfigurationLoader.builtIn());
    var page = RulePage.of(description);
    rule.put("id", name).put("name", name);
    rule.putObject("shortDescription").put("text", description.summary());
    rule.putObject("fullDescription").put("text", description.doc());
    rule.putObject("help")
        .put("text", description.doc())
        .put("markdown", page.substring(page.indexOf("# ")));
  }

  private static String level(CheckMode mode) {
    return switch (mode) {
      case ENFORCE -> "error";
      case WARN -> "warning";
      default -> "note";
    };
  }

  private static String justification(List<Grounds> grounds) {
    return String.join("; ", grounds.stream().map(Grounds::toString).toList());
  }

  /** Relative to the folder of the command where the name of the file is. */
  static String uri(String file) {
    var name = file.replace('\\', '/');
    try {
      return (Path.of(file).isAbsolute()
              ? new URI("file", "", name, null)
              : new URI(null, null, name.contains(":") ? "./" + name : name, null))
          .toASCIIString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("any text can be a path", e);
    }
  }
}
