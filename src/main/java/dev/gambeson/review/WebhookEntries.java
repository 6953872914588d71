package dev.gambeson.review;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.verdict.Configuration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The entries of webhook configurations that send pods to Gambeson, and for which namespaces. */
public final class WebhookEntries {
  private static final String OURS = ".gambeson.dev";

  private final List<Entry> entries = new ArrayList<>();

  /** What becomes of the pods of a namespace. */
  private enum Coverage {
    WHOLE(""),
    ONLY_FIXED("pods are fixed there, and nothing is refused"),
    ONLY_CHECKED("pods are checked there, and nothing is fixed"),
    ONLY_OBSERVED("pods are only observed there"),
    NONE("no webhook entry covers pods there: nothing is fixed or refused");

    private final String meaning;

    Coverage(String meaning) {
      this.meaning = meaning;
    }
  }

  /**
   * An entry.
   *
   * @param path {@code [validate, strict, baseline]}
   */
  private record Entry(List<String> path, JsonNode selector) {
    boolean is(String first) {
      return !path.isEmpty() && path.getFirst().equals(first);
    }

    boolean matches(JsonNode labels) {
      return selector
              .path("matchLabels")
              .propertyStream()
              .allMatch(label -> labels.path(label.getKey()).equals(label.getValue()))
          && selector
              .path("matchExpressions")
              .valueStream()
              .allMatch(expression -> matches(expression, labels));
    }

    private static boolean matches(JsonNode expression, JsonNode labels) {
      var value = labels.path(expression.path("key").asText());
      boolean isListed = expression.path("values").valueStream().anyMatch(value::equals);
      return switch (expression.path("operator").asText().toLowerCase(Locale.ROOT)) {
        case "in" -> isListed;
        case "notin" -> !isListed;
        case "exists" -> !value.isMissingNode();
        case "doesnotexist" -> value.isMissingNode();
        default -> false;
      };
    }
  }

  /** Learns of a MutatingWebhookConfiguration or a ValidatingWebhookConfiguration. */
  public void add(JsonNode configuration) {
    for (var webhook : configuration.path("webhooks")) {
      if (webhook.path("name").asText().endsWith(OURS) && createsPods(webhook)) {
        entries.add(
            new Entry(path(webhook.path("clientConfig")), webhook.path("namespaceSelector")));
      }
    }
  }

  private static boolean createsPods(JsonNode webhook) {
    return webhook
        .path("rules")
        .valueStream()
        .flatMap(rule -> rule.path("resources").valueStream())
        .anyMatch(resource -> resource.asText().equals("pods"));
  }

  private static List<String> path(JsonNode client) {
    var path =
        client
            .at("/service/path")
            .asText(client.path("url").asText("").replaceFirst("^https://[^/]*", ""));
    return Arrays.stream(path.split("/")).skip(1).toList();
  }

  /** Whether there is none at all: no release of Gambeson is registered. */
  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /** Which of these namespaces have less than all, each kind of them in one line. */
  List<String> uncovered(Namespaces namespaces) {
    if (entries.isEmpty()) {
      return List.of(
          "no webhook of Gambeson is registered in the cluster: nothing is fixed or refused there now");
    }
    var names = new EnumMap<Coverage, List<String>>(Coverage.class);
    for (var name : namespaces.names()) {
      if (!Namespaces.OF_THE_CLUSTER.contains(name)) {
        names.computeIfAbsent(of(namespaces.labels(name)), coverage -> new ArrayList<>()).add(name);
      }
    }
    names.remove(Coverage.WHOLE);
    return names.entrySet().stream()
        .map(each ->
            "namespaces %s: %s"
                .formatted(String.join(", ", each.getValue()), each.getKey().meaning))
        .toList();
  }

  /** What a namespace with these labels has less than all; empty where that is nothing. */
  public Optional<String> gap(JsonNode labels) {
    var coverage = of(labels);
    return coverage == Coverage.WHOLE ? Optional.empty() : Optional.of(coverage.meaning);
  }

  private Coverage of(JsonNode labels) {
    var matching = entries.stream().filter(entry -> entry.matches(labels)).toList();
    boolean mutates = matching.stream().anyMatch(entry -> entry.is("mutate"));
    boolean validates = matching.stream().anyMatch(entry -> entry.is("validate"));
    return mutates
        ? validates ? Coverage.WHOLE : Coverage.ONLY_FIXED
        : validates
            ? Coverage.ONLY_CHECKED
            : matching.isEmpty() ? Coverage.NONE : Coverage.ONLY_OBSERVED;
  }

  /** The profile that the entries ask for, for pods of a namespace with these labels. */
  public Optional<String> profile(JsonNode labels) {
    return entries.stream()
        .filter(entry -> entry.matches(labels))
        .map(entry ->
            entry.path().size() > 1
                ? entry.path().get(1)
                : entry.is("observe") ? Configuration.OBSERVE : Configuration.DEFAULT)
        .findFirst();
  }
}
