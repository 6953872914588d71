package dev.gambeson.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.admission.AdmissionPlugins;
import dev.gambeson.admission.ExemptionProposal;
import dev.gambeson.admission.MalformedReviewException;
import dev.gambeson.admission.ReviewCodec;
import dev.gambeson.admission.TemplateReview;
import dev.gambeson.admission.TemplateReviewer;
import dev.gambeson.pod.PodTemplate;
import dev.gambeson.rule.Requester;
import dev.gambeson.verdict.Configuration;
import dev.gambeson.yaml.DocumentEdit;
import dev.gambeson.yaml.YamlDocument;
import dev.gambeson.yaml.YamlEditor;
import dev.gambeson.yaml.YamlException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "review",
    description = {
      "Judges the pods of manifests as the webhook will judge them: what it would fill in, and what it would refuse.",
      "Reads YAML and JSON, any number of documents in a file, and Lists; objects without a pod pass by."
    },
    exitCodeList = {
      "0:nothing that is enforced is broken once the fixes are in",
      "1:something is",
      "2:bad usage, or input that cannot be read"
    },
    footer = {
      "  gambeson review deployment.yaml",
      "  gambeson review --profile strict --output diff *.yaml",
      "  helm template shop ./chart | gambeson review --output yaml - | kubectl apply -f -",
      "  kubectl get deployments -A -o yaml | gambeson review --output json -",
      "  gambeson review --suggest-exemption --namespace logging filebeat.yaml"
    })
final class ReviewCommand implements Callable<Integer> {

  /** What the command prints. */
  enum Output {
    TEXT,
    YAML,
    DIFF,
    JSON;

    ReviewReport report() {
      return switch (this) {
        case TEXT -> new TextReport();
        case YAML -> new YamlReport();
        case DIFF -> new DiffReport();
        case JSON -> new JsonReport();
      };
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final String OBSERVED =
      "profile \"observe\" by the namespace's label gambeson.dev/profile: a cluster follows it only where the"
          + " chart's selectableProfiles lists it, else the default profile judges";
  private static final String DEFAULT_NAMESPACE = "default";

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "The manifests; - reads the standard input.")
  List<String> names = List.of();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration of the webhook; without it, the built-in profiles.")
  @Nullable String config;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description =
          "The profile to judge by. Without it, each namespace has the one that the configuration gives it, else the one that the"
              + " label gambeson.dev/profile of a Namespace in the input names, else the default one.")
  @Nullable String profile;

  @Option(
      names = "--namespace",
      paramLabel = "NS",
      description = "The namespace of objects that name none (default: " + DEFAULT_NAMESPACE + ").")
  @Nullable String namespace;

  @Option(
      names = "--as-of",
      paramLabel = "DATE",
      converter = MomentConverter.class,
      description =
          "The moment of the verdict: a day, 2027-01-15 for example, which stands for its beginning in UTC, or an instant,"
              + " 2027-01-15T18:00:00Z for example (default: now).")
  @Nullable Instant moment;

  @Option(
      names = "--as",
      paramLabel = "USER",
      defaultValue = "",
      description =
          "Who creates the Pods of the input: exemptions may be for users. The pods of workloads are created by their controller.")
  String user = "";

  @Option(
      names = "--as-group",
      paramLabel = "GROUP",
      description = "A group that this user is in; may be given several times.")
  List<String> groups = List.of();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description =
          "text tells what is fixed and what is broken; yaml prints the input with the fixes in it, diff shows them, json is for"
              + " programs (default: ${DEFAULT-VALUE}).")
  Output output = Output.TEXT;

  @Option(
      names = "--suggest-exemption",
      description =
          "Prints, in place of a report, the narrowest exemptions that would let pass what is enforced and the fixes leave: entries"
              + " for exemptions in the configuration. It refuses them until somebody has filled in reason and approvedBy.")
  boolean suggestsExemptions;

  @Override
  public Integer call() {
    if (suggestsExemptions && spec.commandLine().getParseResult().hasMatchedOption("--output")) {
      throw new ParameterException(
          spec.commandLine(), "--suggest-exemption has an output of its own: leave out --output");
    }
    var configuration = ConfigurationOption.read(config);
    var manifests = Manifests.read(names);
    var namespaces = Namespaces.of(manifests);
    var reviewer =
        new TemplateReviewer(
            configuration.enforce(),
            moment == null ? Instant.now() : moment,
            new Requester(user, Set.copyOf(groups)),
            new ReviewCodec(),
            plugins(manifests));
    var reviewed =
        manifests.files().stream()
            .map(file -> review(file, manifests, namespaces, configuration, reviewer))
            .toList();

    var report = suggestsExemptions ? new ExemptionForms(namespace != null) : output.report();
    var commandLine = spec.commandLine();
    commandLine.getOut().print(report.write(reviewed, commandLine.getColorScheme().ansi()));
    commandLine.getOut().flush();
    manifests.problems().forEach(problem -> commandLine.getErr().println(problem));
    if (!manifests.problems().isEmpty()) {
      return ExitCodes.UNUSABLE;
    }
    boolean allowed =
        reviewed.stream()
            .flatMap(file -> file.objects().stream())
            .allMatch(item -> item.review().allowed());
    return allowed ? ExitCodes.FINE : ExitCodes.BROKEN;
  }

  private ReviewedFile review(
      Manifests.File file,
      Manifests manifests,
      Namespaces namespaces,
      Configuration configuration,
      TemplateReviewer reviewer) {
    var items = new ArrayList<ReviewedFile.Item>();
    var text = new StringBuilder();
    for (var document : file.documents()) {
      var value = document.value();
      if (value == null) {
        text.append(document.source().text());
        continue;
      }
      var edits = new ArrayList<DocumentEdit>();
      for (var object : document.objects()) {
        Optional<ReviewedFile.Item> item;
        try {
          item = review(object, namespaces, configuration, reviewer);
        } catch (MalformedReviewException e) {
          manifests.addProblem(
              file.name(),
              document.source(),
              value.valueAt(e.path().under(object.path()).pointer()),
              object.title(otherNamespace()) + ": " + e.getMessage());
          continue;
        } catch (ParameterException e) {
          throw e;
        } catch (RuntimeException e) {
          manifests.addProblem(
              file.name(),
              document.source(),
              value.valueAt(object.path().pointer()),
              object.title(otherNamespace())
                  + ": not judged, by a mistake of Gambeson's: "
                  + mistake(e));
          continue;
        }
        if (item.isPresent()) {
          items.add(item.get());
          var place = object.path().pointer();
          item.get().review().edits().forEach(edit -> edits.add(edit.under(place)));
        }
      }
      text.append(edit(file, value, edits, manifests));
    }
    return new ReviewedFile(file.name(), file.text(), text.toString(), items);
  }

  /** What the input's own LimitRanges and PriorityClasses make the API server fill in. */
  private AdmissionPlugins plugins(Manifests manifests) {
    var plugins = new AdmissionPlugins();
    manifests.files().stream()
        .flatMap(file -> file.documents().stream())
        .flatMap(document -> document.objects().stream())
        .forEach(object -> {
          switch (object.apiVersion() + " " + object.kind()) {
            case "v1 LimitRange" ->
                plugins.addLimitRange(object.namespace(otherNamespace()), object.value());
            case "scheduling.k8s.io/v1 PriorityClass" -> plugins.addPriorityClass(object.value());
            default -> {}
          }
        });
    return plugins;
  }

  /** That of objects that name none. */
  private String otherNamespace() {
    return Objects.requireNonNullElse(namespace, DEFAULT_NAMESPACE);
  }

  private Optional<ReviewedFile.Item> review(
      Manifests.KubernetesObject object,
      Namespaces namespaces,
      Configuration configuration,
      TemplateReviewer reviewer)
      throws MalformedReviewException {
    if (PodTemplate.of(object.apiVersion(), object.kind()).isPresent()) {
      reviewer.requireBounds(object.value());
    }
    var where = object.namespace(otherNamespace());
    var choice = choose(configuration, namespaces, where);
    var level = namespaces.level(where);
    var reviewed =
        reviewer.review(object.apiVersion(), object.kind(), object.value(), where, choice, level);
    requireContainers(object, reviewed.map(TemplateReview::object).orElse(object.value()));
    var proposal =
        suggestsExemptions
            ? reviewer.propose(
                object.apiVersion(), object.kind(), object.value(), where, choice, level)
            : Optional.<ExemptionProposal>empty();
    return reviewed.map(review ->
        new ReviewedFile.Item(
            object.path(),
            review,
            profile == null && choosesObserve(configuration, namespaces, where)
                ? List.of(OBSERVED)
                : List.of(),
            proposal.orElse(null)));
  }

  /** The API server refuses a pod without any, once its webhooks have added theirs. */
  private static void requireContainers(Manifests.KubernetesObject object, JsonNode fixed)
      throws MalformedReviewException {
    var template = PodTemplate.of(object.apiVersion(), object.kind());
    if (template.isEmpty()) {
      return;
    }
    var containers = template.get().path().field("spec").field("containers");
    if (fixed.at(containers.pointer()).isEmpty()) {
      throw new MalformedReviewException(
          containers, "is missing or empty: a pod has at least one container");
    }
  }

  /** Whether nothing but the label of a namespace puts it under a profile that denies nothing. */
  private static boolean choosesObserve(
      Configuration configuration, Namespaces namespaces, String where) {
    var asked = namespaces.profile(where);
    return Configuration.OBSERVE.equals(asked)
        && configuration.profileFor(where, asked).profile().name().equals(Configuration.OBSERVE)
        && !configuration.profileFor(where, null).profile().name().equals(Configuration.OBSERVE);
  }

  private String edit(
      Manifests.File file, YamlDocument document, List<DocumentEdit> edits, Manifests manifests) {
    try {
      return YamlEditor.edit(document, edits);
    } catch (YamlException e) {
      manifests.addProblem(file.name(), document.source(), e.position(), e.reason());
    } catch (RuntimeException e) {
      manifests.addProblem(
          file.name(),
          document.source(),
          document.source().start(),
          "not fixed, by a mistake of Gambeson's: " + mistake(e));
    }
    return document.source().text();
  }

  private static String mistake(RuntimeException e) {
    return "please report it with the manifest: "
        + e
        + Arrays.stream(e.getStackTrace()).findFirst().map(frame -> " at " + frame).orElse("");
  }

  private Configuration.Choice choose(
      Configuration configuration, Namespaces namespaces, String where) {
    if (profile == null) {
      return configuration.profileFor(where, namespaces.profile(where));
    }
    return configuration
        .choose(profile)
        .orElseThrow(() ->
            new ParameterException(
                spec.commandLine(),
                "There is no profile \""
                    + profile
                    + "\"; there are "
                    + String.join(
                        ", ", configuration.profiles().keySet().stream().sorted().toList())));
  }
}
