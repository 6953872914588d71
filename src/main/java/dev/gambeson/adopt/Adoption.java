package dev.gambeson.adopt;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gambeson.admission.MalformedReviewException;
import dev.gambeson.pod.PodTemplate;
import dev.gambeson.review.KubernetesObject;
import dev.gambeson.review.Namespaces;
import dev.gambeson.verdict.Configuration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Plans how namespaces get the strictest profiles that refuse nothing of what is there. */
public final class Adoption {
  private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

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
    }

    Configuration enforcing() {
      return new Configuration(
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
   * @param objects all of the cluster: workloads, and the Namespaces, LimitRanges, PriorityClasses
   *     and webhook configurations that say how these are judged
   */
  public Plan plan(List<KubernetesObject> objects) {
    var surroundings = new Surroundings(objects, terms);
    var problems = new ArrayList<String>();
    var leftOut = new TreeSet<String>();
    var byNamespace = new TreeMap<String, Optional<NamespaceAdoption>>();
    for (var object : objects) {
      var name = object.namespace(terms.namespace());
      if (Namespaces.OF_THE_CLUSTER.contains(name) || isNeverCreatedAgain(object)) {
        continue;
      }
      var adoption =
          byNamespace.computeIfAbsent(
              name,
              key -> {
                var reason = surroundings.reasonToLeaveOut(key);
                reason.ifPresent(why -> leftOut.add("namespace " + key + " is left out: " + why));
                return reason.isPresent()
                    ? Optional.empty()
                    : Optional.of(new NamespaceAdoption(key, surroundings, terms));
              });
      try {
        if (adoption.isPresent()) {
          adoption.get().add(object);
        }
      } catch (MalformedReviewException e) {
        problems.add(object.title(terms.namespace()) + " is not judged: " + e.getMessage());
      }
    }
    return new Plan(
        byNamespace.values().stream()
            .flatMap(Optional::stream)
            .filter(NamespaceAdoption::hasWorkloads)
            .map(NamespaceAdoption::plan)
            .sorted(
                Comparator.comparingInt((NamespacePlan plan) -> plan.exemptions().size())
                    .thenComparingInt(plan -> plan.risks().size()))
            .toList(),
        terms.configuration().enforce(),
        problems,
        List.copyOf(leftOut));
  }

  /** Whether it is a pod that nobody creates again as it is. */
  private static boolean isNeverCreatedAgain(KubernetesObject object) {
    return object.kind().equals("Pod")
        && (ENDED.contains(object.value().path("status").path("phase").asText())
            || object
                .value()
                .at("/metadata/ownerReferences")
                .valueStream()
                .anyMatch(owner -> owner.path("controller").asBoolean() && isJudged(owner)));
  }

  /**
   * Whether the templates of such an owner are judged; those of a kubelet are files of its node.
   */
  private static boolean isJudged(JsonNode owner) {
    var kind = owner.path("kind").asText();
    return kind.equals("Node")
        || PodTemplate.of(owner.path("apiVersion").asText(), kind).isPresent();
  }
}
