package dev.gambeson.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.pod.ContainerRef;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the API server's plugins LimitRanger and Priority fill into pods before a webhook sees them,
 * as far as the objects are known that say it.
 */
public final class AdmissionPlugins {
  /** Where no such object is known. */
  static final AdmissionPlugins NONE = new AdmissionPlugins();

  private static final String LIMIT_RANGER = "kubernetes.io/limit-ranger";

  private final Map<String, List<Defaults>> limitRanges = new HashMap<>();
  private @Nullable String defaultPriorityClass;
  private long defaultPriority;

  /** What one LimitRange gives a container. */
  private record Defaults(Map<String, Quantity> requests, Map<String, Quantity> limits) {}

  /** Learns of a LimitRange in that namespace. */
  public void addLimitRange(String namespace, JsonNode limitRange) {
    for (var item : limitRange.at("/spec/limits")) {
      if (item.path("type").asText().equals("Container")) {
        limitRanges.computeIfAbsent(namespace, name -> new ArrayList<>()).add(defaults(item));
      }
    }
  }

  /** With the defaults that the API server gives the LimitRange itself. */
  private static Defaults defaults(JsonNode item) {
    var limits = quantities(item.path("max"));
    limits.putAll(quantities(item.path("default")));
    var requests = quantities(item.path("min"));
    requests.putAll(limits);
    requests.putAll(quantities(item.path("defaultRequest")));
    return new Defaults(requests, limits);
  }

  private static Map<String, Quantity> quantities(JsonNode map) {
    var quantities = new TreeMap<String, Quantity>();
    for (var entry : map.properties()) {
      var quantity = StrictModel.quantity(entry.getValue());
      if (quantity != null) {
        quantities.put(entry.getKey(), quantity);
      }
    }
    return quantities;
  }

  /** Learns of a PriorityClass; of several default ones the lowest counts. */
  public void addPriorityClass(JsonNode priorityClass) {
    long value = priorityClass.path("value").asLong();
    if (priorityClass.path("globalDefault").asBoolean()
        && (defaultPriorityClass == null || value < defaultPriority)) {
      defaultPriorityClass = priorityClass.at("/metadata/name").asText();
      defaultPriority = value;
    }
  }

  /** Fills into a pod of that namespace what the plugins would. */
  void fill(Pod pod, String namespace) {
    var done = new ArrayList<String>();
    for (var defaults : limitRanges.getOrDefault(namespace, List.of())) {
      for (var container : ContainerRef.fixable(pod)) {
        fill(container, defaults, done);
      }
    }
    if (!done.isEmpty()) {
      var annotations = new LinkedHashMap<>(pod.getMetadata().getAnnotations());
      annotations.put(LIMIT_RANGER, "LimitRanger plugin set: " + String.join("; ", done));
      pod.getMetadata().setAnnotations(annotations);
    }
    var spec = pod.getSpec();
    if (defaultPriorityClass != null
        && (spec.getPriorityClassName() == null || spec.getPriorityClassName().isEmpty())) {
      spec.setPriorityClassName(defaultPriorityClass);
    }
  }

  private static void fill(ContainerRef ref, Defaults defaults, List<String> done) {
    var container = ref.container();
    var resources =
        container.getResources() == null ? new ResourceRequirements() : container.getResources();
    var requests = new LinkedHashMap<String, Quantity>();
    var limits = new LinkedHashMap<String, Quantity>();
    if (resources.getRequests() != null) {
      requests.putAll(resources.getRequests());
    }
    if (resources.getLimits() != null) {
      limits.putAll(resources.getLimits());
    }
    var name =
        (ref.kind() == ContainerRef.Kind.INIT ? "init container " : "container ") + ref.name();
    putAbsent(defaults.requests(), requests, " request for " + name, done);
    putAbsent(defaults.limits(), limits, " limit for " + name, done);
    resources.setRequests(requests);
    resources.setLimits(limits);
    container.setResources(resources);
  }

  private static void putAbsent(
      Map<String, Quantity> defaults,
      Map<String, Quantity> present,
      String what,
      List<String> done) {
    var names = new TreeSet<>(defaults.keySet());
    names.removeAll(present.keySet());
    names.forEach(name -> present.put(name, defaults.get(name)));
    if (!names.isEmpty()) {
      done.add(String.join(", ", names) + what);
    }
  }
}
