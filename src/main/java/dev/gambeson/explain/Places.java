package dev.gambeson.explain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.pod.FieldPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The fields that the fix of a rule writes, whatever its options are. Rules that inject have none:
 * what they write depends on their options alone.
 */
final class Places {
  /** {@code *} stands for every element of a list, {@code [TZ]} for the one of that name. */
  private static final Map<String, List<String>> OF_CONTAINERS =
      Map.ofEntries(
          Map.entry("RunAsNonRoot", List.of("securityContext/runAsNonRoot")),
          Map.entry(
              "RunAsUser", List.of("securityContext/runAsUser", "securityContext/runAsGroup")),
          Map.entry("SeccompProfile", List.of("securityContext/seccompProfile")),
          Map.entry(
              "AllowPrivilegeEscalation", List.of("securityContext/allowPrivilegeEscalation")),
          Map.entry("Capabilities", List.of("securityContext/capabilities")),
          Map.entry("ReadOnlyRootFilesystem", List.of("securityContext/readOnlyRootFilesystem")),
          Map.entry("Resources", List.of("resources/requests/*", "resources/limits/*")),
          Map.entry("PreStopDelay", List.of("lifecycle/preStop")),
          Map.entry("Timezone", List.of("env/[TZ]")));

  private static final Map<String, List<String>> OF_PODS =
      Map.ofEntries(
          Map.entry("SeccompProfile", List.of("spec/securityContext/seccompProfile")),
          Map.entry("HostUsers", List.of("spec/hostUsers")),
          Map.entry("EmptyDirSizeLimit", List.of("spec/volumes/*/emptyDir/sizeLimit")),
          Map.entry("ServiceAccountToken", List.of("spec/automountServiceAccountToken")),
          Map.entry("ServiceLinks", List.of("spec/enableServiceLinks")),
          Map.entry("PodAntiAffinity", List.of("spec/affinity/podAntiAffinity")),
          Map.entry("TopologySpread", List.of("spec/topologySpreadConstraints")),
          Map.entry("Sysctls", List.of("spec/securityContext/sysctls")),
          Map.entry("PriorityClass", List.of("spec/priorityClassName")));

  private Places() {}

  static boolean areKnown(String rule) {
    return OF_CONTAINERS.containsKey(rule) || OF_PODS.containsKey(rule);
  }

  /** Those of the rule that the pod has. */
  static List<FieldPath> of(String rule, JsonNode pod) {
    var found = new ArrayList<FieldPath>();
    for (var place : OF_PODS.getOrDefault(rule, List.of())) {
      collect(List.of(place.split("/")), FieldPath.ROOT, pod, found);
    }
    for (var place : OF_CONTAINERS.getOrDefault(rule, List.of())) {
      for (var list : List.of("initContainers", "containers")) {
        collect(List.of(("spec/" + list + "/*/" + place).split("/")), FieldPath.ROOT, pod, found);
      }
    }
    return found;
  }

  private static void collect(
      List<String> place, FieldPath path, JsonNode here, List<FieldPath> found) {
    if (here.isMissingNode() || here.isNull()) {
      return;
    }
    if (place.isEmpty()) {
      found.add(path);
      return;
    }
    var first = place.getFirst();
    var rest = place.subList(1, place.size());
    if (here.isArray()) {
      for (int i = 0; i < here.size(); i++) {
        if (first.equals("*") || first.equals("[" + here.get(i).path("name").asText() + "]")) {
          collect(rest, path.index(i), here.get(i), found);
        }
      }
    } else if (first.equals("*")) {
      here.fieldNames()
          .forEachRemaining(name -> collect(rest, path.field(name), here.path(name), found));
    } else {
      collect(rest, path.field(first), here.path(first), found);
    }
  }
}
