package dev.gambeson.playground;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.config.Problem;
import dev.gambeson.report.ExemptionForms;
import dev.gambeson.report.JsonReport;
import dev.gambeson.review.ManifestReview;
import dev.gambeson.review.Manifests;
import dev.gambeson.review.ReviewTerms;
import dev.gambeson.rule.Requester;
import dev.gambeson.verdict.Configuration;
import dev.gambeson.yaml.Position;
import java.io.IOException;
import java.time.InstantSource;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Answers the questions of the page. Each holds all that its answer depends on. */
public final class Playground {
  /** The configuration of a page that begins with the built-in profiles. */
  public static final String CONFIGURATION =
      """
      # What differs from the built-in profiles. Ctrl+Space lists what can be written here.
      apiVersion: gambeson.dev/v1alpha1
      kind: GambesonConfig
      profiles:
        standard:
          rules: {}
      """;

  /** What messages call the text that was pasted. */
  private static final String MANIFEST = "manifest";

  private static final String NAMESPACE = "default";

  private static final ObjectMapper MAPPER = new JsonMapper();
  private static final ObjectReader QUESTIONS =
      MAPPER.readerFor(Question.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final String configuration;
  private final InstantSource clock;

  /**
   * Creates it.
   *
   * @param configuration that of questions without one
   */
  public Playground(String configuration, InstantSource clock) {
    this.configuration = configuration;
    this.clock = clock;
  }

  /** The configuration of questions without one. */
  public String configuration() {
    return configuration;
  }

  /** The ways to answer a question. */
  public enum Answer {
    /** The fixed manifest, and the report that {@code gambeson review --output json} prints. */
    REVIEW,
    /** The exemptions that would let pass what is refused. */
    EXEMPTIONS,
    /** The AdmissionReviews about one object. */
    ADMISSION
  }

  /**
   * Answers a question.
   *
   * @return JSON
   * @throws JsonProcessingException if the question is not one
   */
  public byte[] answer(Answer kind, byte[] question) throws JsonProcessingException {
    try {
      return MAPPER.writeValueAsBytes(answer(kind, (Question) QUESTIONS.readValue(question)));
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private ObjectNode answer(Answer kind, Question question) throws JsonProcessingException {
    var answer = JsonNodeFactory.instance.objectNode();
    var problems = answer.putArray("configurationProblems");
    Configuration judging;
    try {
      judging =
          ConfigurationLoader.load(
              question.configuration() == null ? configuration : question.configuration(),
              "configuration");
    } catch (ConfigurationException e) {
      e.problems().forEach(problem -> add(problem, problems));
      return answer;
    }
    answer.put("defaultProfile", judging.defaultProfile());
    var names = answer.putArray("profiles");
    new TreeSet<>(judging.profiles().keySet()).forEach(names::add);
    Configuration.Choice choice = null;
    if (question.profile() != null) {
      choice = judging.choose(question.profile()).orElse(null);
      if (choice == null) {
        add(new Position(1, 1), judging.noProfile(question.profile()), problems);
        return answer;
      }
    }
    var manifests = new Manifests();
    manifests.add(MANIFEST, question.manifest());
    var terms =
        new ReviewTerms(
            judging,
            choice,
            NAMESPACE,
            clock.instant(),
            Requester.UNKNOWN,
            kind == Answer.EXEMPTIONS);
    switch (kind) {
      case REVIEW -> review(manifests, terms, answer);
      case EXEMPTIONS ->
          answer.put(
              "exemptions", new ExemptionForms(true).write(ManifestReview.of(manifests, terms)));
      case ADMISSION ->
          answer.set(
              "exchanges", new AdmissionExchanges(terms).about(manifests, question.object()));
    }
    return answer;
  }

  private static void review(Manifests manifests, ReviewTerms terms, ObjectNode answer)
      throws JsonProcessingException {
    var reviewed = ManifestReview.of(manifests, terms);
    var problems = answer.putArray("problems");
    manifests
        .placedProblems()
        .forEach(problem -> add(problem.position(), problem.reason(), problems));
    answer.put("fixed", reviewed.files().getFirst().fixed());
    answer.set("report", MAPPER.readTree(new JsonReport().write(reviewed)));
  }

  private static void add(Problem problem, ArrayNode problems) {
    var line = problem.toString();
    var place =
        problem.source() + ":" + problem.position().line() + ":" + problem.position().column();
    add(
        problem.position(),
        line.startsWith(place) ? line.substring(place.length() + 2) : line,
        problems);
  }

  private static void add(@Nullable Position position, String message, ArrayNode problems) {
    var problem = problems.addObject();
    if (position != null) {
      problem.put("line", position.line()).put("column", position.column());
    }
    problem.put("message", message);
  }
}
