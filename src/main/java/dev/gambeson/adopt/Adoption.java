package dev.gambeson.adopt;

import dev.gambeson.admission.MalformedReviewException;
import dev.gambeson.review.KubernetesObject;
import dev.gambeson.review.Namespaces;
import dev.gambeson.verdict.Configuration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.TreeMap;

/** Plans how namespaces get the strictest profiles that refuse nothing of what is there. */
public final class Adoption {
  private final Terms terms;

  /**
   * What a plan depends on besides the objects.
   *
   * @param configuration taken as one that enforces
   * @param profiles names of profiles of the configuration, the strictest first
   * @param namespace that of objects that name none
   * @param now the moment from which on exemptions count
   */
  public record Terms(
      Configuration configuration, List<String> profiles, String namespace, Instant now) {
    public Terms {
      profiles = List.copyOf(profiles);
      configuration =
          new Configuration(
              true,
              configuration.defaultProfile(),
              configuration.namespaces(),
              configuration.profiles(),
              configuration.exemptions(),
              configuration.help());
    }
  }

  /** Creates it. */
  public Adoption(Terms terms) {
    this.terms = terms;
  }

  /**
   * Makes the plan.
   *
   * @param objects all of the cluster: workloads, and the Namespaces, LimitRanges and
   *     PriorityClasses that say how these are judged
   */
  public Plan plan(List<KubernetesObject> objects) {
    var namespaces = new Namespaces();
    var priorityClasses = new ArrayList<KubernetesObject>();
    var limitRanges = new HashMap<String, List<KubernetesObject>>();
    for (var object : objects) {
      switch (object.apiVersion() + " " + object.kind()) {
        case "v1 Namespace" -> namespaces.add(object.value());
        case "scheduling.k8s.io/v1 PriorityClass" -> priorityClasses.add(object);
        case "v1 LimitRange" ->
            limitRanges
                .computeIfAbsent(object.namespace(terms.namespace()), key -> new ArrayList<>())
                .add(object);
        default -> {}
      }
    }
    var problems = new ArrayList<String>();
    var byNamespace = new TreeMap<String, NamespaceAdoption>();
    for (var object : objects) {
      var name = object.namespace(terms.namespace());
      if (Namespaces.OF_THE_CLUSTER.contains(name) || isOfController(object)) {
        continue;
      }
      var adoption =
          byNamespace.computeIfAbsent(
              name,
              key -> {
                var known = new ArrayList<>(priorityClasses);
                known.addAll(limitRanges.getOrDefault(key, List.of()));
                var now = new NamespacePlan.Now(namespaces.profile(key), namespaces.level(key));
                return new NamespaceAdoption(key, now, known, terms);
              });
      try {
        adoption.add(object);
      } catch (MalformedReviewException e) {
        problems.add(object.title(terms.namespace()) + ": " + e.getMessage());
      }
    }
    return new Plan(
        byNamespace.values().stream()
            .filter(NamespaceAdoption::hasWorkloads)
            .map(NamespaceAdoption::plan)
            .sorted(
                Comparator.comparingInt((NamespacePlan plan) -> plan.exemptions().size())
                    .thenComparingInt(plan -> plan.risks().size()))
            .toList(),
        problems);
  }

  /** Whether it is a pod that a controller made: the controller's template is judged. */
  private static boolean isOfController(KubernetesObject object) {
    return object.kind().equals("Pod")
        && object
            .value()
            .at("/metadata/ownerReferences")
            .valueStream()
            .anyMatch(owner -> owner.path("controller").asBoolean());
  }
}
