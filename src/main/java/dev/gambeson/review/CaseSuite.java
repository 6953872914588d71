package dev.gambeson.review;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.admission.MalformedReviewException;
import dev.gambeson.config.ConfigurationException;
import dev.gambeson.config.ReviewCase;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.Requester;
import dev.gambeson.rule.Violation;
import dev.gambeson.verdict.Configuration;
import dev.gambeson.yaml.YamlDocument;
import dev.gambeson.yaml.YamlEditor;
import dev.gambeson.yaml.YamlException;
import dev.gambeson.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Runs the cases of files: each document of a file is one, unless it is an object of Kubernetes or
 * a configuration, which has a kind.
 */
public final class CaseSuite {
  private final Configuration configuration;
  private final Instant now;
  private final boolean updates;
  private final List<CaseResult> results = new ArrayList<>();
  private final List<Path> updated = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  /**
   * Creates it, without cases.
   *
   * @param now the moment of the verdict where a case names no day
   * @param updates whether the cases are to expect what is found
   */
  public CaseSuite(Configuration configuration, Instant now, boolean updates) {
    this.configuration = configuration;
    this.now = now;
    this.updates = updates;
  }

  /**
   * Runs the cases of files.
   *
   * @param names files, folders and patterns
   */
  public void run(List<String> names) {
    var search = new FileSearch();
    names.forEach(search::add);
    search.problems().forEach(this::addProblem);
    int before = results.size() + problems.size();
    search.found().keySet().forEach(this::run);
    if (results.size() + problems.size() == before && search.problems().isEmpty()) {
      addProblem(String.join(", ", names) + ": there is no case in it");
    }
  }

  /** What came of each case. */
  public List<CaseResult> results() {
    return Collections.unmodifiableList(results);
  }

  /** The files that were changed. */
  public List<Path> updated() {
    return Collections.unmodifiableList(updated);
  }

  /** What could not be read or judged. */
  public List<String> problems() {
    return Collections.unmodifiableList(problems);
  }

  private void run(Path file) {
    try {
      var text = FileText.read(file);
      var written = new StringBuilder();
      for (var source : YamlReader.split(text)) {
        written.append(
            source.text().isBlank() ? source.text() : run(file, YamlReader.read(source)));
      }
      if (updates && !written.toString().equals(text)) {
        Files.writeString(file, written);
        updated.add(file);
      }
    } catch (YamlException e) {
      addProblem(
          "%s:%d:%d: %s".formatted(file, e.position().line(), e.position().column(), e.reason()));
    } catch (IOException e) {
      addProblem(file + ": " + FileProblem.of(file, e));
    }
  }

  /** Returns the text of the document, changed where that is asked for. */
  private String run(Path file, YamlDocument document) throws YamlException {
    var value = document.value();
    var text = document.source().text();
    if (value.isNull() || (value.has("apiVersion") && value.has("kind"))) {
      return text;
    }
    var place = file + ":" + document.valueAt("").line();
    try {
      var each = ReviewCase.read(document, file.toString());
      var outcome = new CaseOutcome(each, judge(each, file, terms(each)));
      var name = Objects.requireNonNullElse(each.name(), "a case without a name");
      boolean isUpdated = updates && !outcome.edits().isEmpty();
      results.add(
          new CaseResult(
              place, Violation.clean(name), isUpdated ? List.of() : outcome.differences()));
      return isUpdated ? YamlEditor.edit(document, outcome.edits()) : text;
    } catch (ConfigurationException e) {
      e.problems().forEach(problem -> addProblem(problem.toString()));
    } catch (UnusableCaseException e) {
      e.reasons().forEach(reason -> addProblem(place + ": " + reason));
    }
    return text;
  }

  private ReviewTerms terms(ReviewCase each) throws UnusableCaseException {
    return new ReviewTerms(
        configuration,
        each.profile() == null ? null : choice(each.profile()),
        Objects.requireNonNullElse(each.namespace(), "default"),
        each.asOf() == null ? now : each.asOf().atStartOfDay(ZoneOffset.UTC).toInstant(),
        new Requester(Objects.requireNonNullElse(each.user(), ""), Set.copyOf(each.groups())),
        false);
  }

  private Configuration.Choice choice(String profile) throws UnusableCaseException {
    return configuration
        .choose(profile)
        .orElseThrow(() -> new UnusableCaseException(List.of(configuration.noProfile(profile))));
  }

  private static List<JudgedObject> judge(ReviewCase each, Path file, ReviewTerms terms)
      throws UnusableCaseException {
    var pod = each.pod();
    var judged =
        pod == null
            ? judge(file.resolveSibling(Objects.requireNonNull(each.file())), terms)
            : judge(pod, terms);
    if (judged.isEmpty()) {
      throw new UnusableCaseException(List.of("there is no pod in what the case judges"));
    }
    return judged;
  }

  private static List<JudgedObject> judge(Path manifests, ReviewTerms terms)
      throws UnusableCaseException {
    var review = ManifestReview.of(ManifestFiles.read(List.of(manifests.toString())), terms);
    if (!review.problems().isEmpty()) {
      throw new UnusableCaseException(review.problems());
    }
    return review.objects().toList();
  }

  private static List<JudgedObject> judge(JsonNode pod, ReviewTerms terms)
      throws UnusableCaseException {
    var object =
        new KubernetesObject(
            pod.path("apiVersion").asText("v1"),
            pod.path("kind").asText("Pod"),
            FieldPath.ROOT,
            pod);
    var misspelt = MisspeltKind.problem(object.apiVersion(), object.kind());
    if (misspelt.isPresent()) {
      throw new UnusableCaseException(List.of("pod: " + misspelt.get()));
    }
    try {
      return new ObjectReview(terms, Stream.empty()).judgeAll(object);
    } catch (MalformedReviewException e) {
      throw new UnusableCaseException(List.of("pod: " + e.getMessage()));
    }
  }

  private void addProblem(String line) {
    problems.add(Violation.clean(line));
  }
}
