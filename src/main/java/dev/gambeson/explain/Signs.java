package dev.gambeson.explain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.explain.Sign.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Collects the signs of a pod: its status, then its events, then the logs of its containers. */
final class Signs {
  private static final int MOST_EVENTS = 500;
  private static final int MOST_LINES = 5_000;

  /** What every container goes through that starts. */
  private static final Set<String> NORMAL =
      Set.of("", "ContainerCreating", "PodInitializing", "Completed");

  /** Events that tell of the end of a pod, which may have served until then. */
  private static final Set<String> OF_THE_END = Set.of("FailedPreStopHook", "Preempted", "Evicted");

  private static final Pattern CONTAINER =
      Pattern.compile("spec\\.(?:containers|initContainers|ephemeralContainers)\\{(.{1,63})}");

  private Signs() {}

  static List<Sign> of(ObservedPod observed) {
    var signs = new ArrayList<Sign>();
    ofStatus(observed.pod().path("status"), signs);
    observed.events().stream().limit(MOST_EVENTS).forEach(event -> ofEvent(event, observed, signs));
    int most = MOST_LINES / Math.max(1, observed.logs().size());
    observed.logs().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(log -> ofLog(log.getKey(), log.getValue(), most, signs));
    return signs;
  }

  /** The last lines tell most. */
  private static void ofLog(String container, List<String> lines, int most, List<Sign> signs) {
    lines
        .subList(Math.max(0, lines.size() - most), lines.size())
        .forEach(line -> signs.add(Sign.of(Source.LOG, container, "", line)));
  }

  private static void ofStatus(JsonNode status, List<Sign> signs) {
    add(Source.STATUS, "", status, signs);
    for (var condition : status.path("conditions")) {
      var type = condition.path("type").asText();
      var value = condition.path("status").asText();
      if ((type.equals("PodScheduled") && value.equals("False"))
          || (type.equals("DisruptionTarget") && value.equals("True"))) {
        add(Source.STATUS, "", condition, signs);
      }
    }
    for (var list :
        List.of("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses")) {
      for (var container : status.path(list)) {
        var name = container.path("name").asText();
        add(Source.STATUS, name, container.at("/state/waiting"), signs);
        ended(name, container.at("/state/terminated"), signs);
        ended(name, container.at("/lastState/terminated"), signs);
      }
    }
  }

  private static void ended(String container, JsonNode terminated, List<Sign> signs) {
    if (terminated.path("exitCode").asInt() == 0) {
      return;
    }
    var reason = terminated.path("reason").asText();
    if (reason.equals("Error")) {
      // The container's own word, or the end of its log.
      ofLog(container, terminated.path("message").asText().lines().toList(), MOST_LINES, signs);
    } else {
      add(Source.STATUS, container, terminated, signs);
    }
  }

  private static void ofEvent(JsonNode event, ObservedPod observed, List<Sign> signs) {
    var reason = event.path("reason").asText();
    boolean past =
        (observed.isReady() && !OF_THE_END.contains(reason))
            || (observed.isScheduled() && reason.equals("FailedScheduling"));
    if (!past) {
      var field = CONTAINER.matcher(event.path("involvedObject").path("fieldPath").asText());
      add(Source.EVENT, field.matches() ? field.group(1) : "", event, signs);
    }
  }

  private static void add(Source source, String container, JsonNode from, List<Sign> signs) {
    var reason = from.path("reason").asText();
    if (!NORMAL.contains(reason)) {
      signs.add(Sign.of(source, container, reason, from.path("message").asText()));
    }
  }
}
