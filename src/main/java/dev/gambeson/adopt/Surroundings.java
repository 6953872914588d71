package dev.gambeson.adopt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.review.KubernetesObject;
import dev.gambeson.review.Namespaces;
import dev.gambeson.review.WebhookEntries;
import dev.gambeson.rule.PodSecurityLevel;
import dev.gambeson.verdict.Configuration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What says how the workloads of namespaces are judged, now and under a plan. */
final class Surroundings {
  /** What the chart lets a label choose unless its values say otherwise. */
  static final Set<String> SELECTABLE = Set.of("standard", "strict");

  /** What the chart only observes unless its values say otherwise. */
  static final Set<String> INFRASTRUCTURE =
      Set.of(
          "calico-system",
          "tigera-operator",
          "cilium",
          "kube-flannel",
          "linkerd-cni",
          "openshift-multus",
          "openshift-network-operator",
          "openshift-ovn-kubernetes",
          "openshift-sdn",
          "rook-ceph",
          "ceph-csi-cephfs",
          "ceph-csi-rbd",
          "longhorn-system",
          "openebs",
          "topolvm-system",
          "piraeus-datastore",
          "trident",
          "local-path-storage",
          "vmware-system-csi",
          "openshift-cluster-csi-drivers",
          "openshift-dns",
          "openshift-dns-operator");

  private static final String NAME = "kubernetes.io/metadata.name";

  private final Adoption.Terms terms;
  private final Namespaces namespaces = new Namespaces();
  private final WebhookEntries entries = new WebhookEntries();
  private final Set<String> ending = new HashSet<>();
  private final List<KubernetesObject> priorityClasses = new ArrayList<>();
  private final Map<String, List<KubernetesObject>> limitRanges = new HashMap<>();

  Surroundings(List<KubernetesObject> objects, Adoption.Terms terms) {
    this.terms = terms;
    for (var object : objects) {
      switch (object.apiVersion() + " " + object.kind()) {
        case "v1 Namespace" -> {
          namespaces.add(object.value());
          if (object.value().path("metadata").has("deletionTimestamp")) {
            ending.add(object.value().path("metadata").path("name").asText());
          }
        }
        case "scheduling.k8s.io/v1 PriorityClass" -> priorityClasses.add(object);
        case "v1 LimitRange" ->
            limitRanges
                .computeIfAbsent(object.namespace(terms.namespace()), key -> new ArrayList<>())
                .add(object);
        case "admissionregistration.k8s.io/v1 MutatingWebhookConfiguration",
            "admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration" ->
            entries.add(object.value());
        default -> {}
      }
    }
  }

  /** Why a namespace is none of the plan's; empty where it is. */
  Optional<String> reasonToLeaveOut(String namespace) {
    if (ending.contains(namespace)) {
      return Optional.of("it is being deleted");
    }
    var now = now(namespace);
    if (now.isChosen() && !terms.profiles().contains(now.profile())) {
      return Optional.of(
          "it has the profile \"%s\", which --profiles does not name".formatted(now.profile()));
    }
    if (entries.isEmpty()) {
      return INFRASTRUCTURE.contains(namespace)
          ? Optional.of("the chart only observes its pods (webhook.infrastructureNamespaces)")
          : Optional.empty();
    }
    return entries.gap(labels(namespace, terms.profiles().getFirst()));
  }

  /** What a namespace has now. */
  NamespacePlan.Now now(String namespace) {
    var configuration = terms.configuration();
    var label = namespaces.profile(namespace);
    boolean isPinned =
        configuration.namespaces().stream().anyMatch(entry -> entry.matches(namespace));
    var asked =
        entries.isEmpty()
            ? Configuration.OBSERVE.equals(label) ? null : label
            : entries.profile(namespaces.labels(namespace)).orElse(null);
    return new NamespacePlan.Now(
        label,
        configuration.profileFor(namespace, asked).profile().name(),
        isPinned || (asked != null && configuration.profiles().containsKey(asked)),
        isPinned,
        !entries.isEmpty(),
        namespaces.level(namespace));
  }

  /** Whether a namespace gets a profile by its label; else the configuration must give it. */
  boolean isSelectable(String namespace, String profile) {
    return entries.isEmpty()
        ? SELECTABLE.contains(profile)
        : entries.profile(labels(namespace, profile)).filter(profile::equals).isPresent();
  }

  /** The labels of a namespace once they ask for a profile. */
  private JsonNode labels(String namespace, String profile) {
    ObjectNode labels =
        namespaces.labels(namespace) instanceof ObjectNode present
            ? present.deepCopy()
            : JsonNodeFactory.instance.objectNode();
    return labels.put(NAME, namespace).put(Namespaces.PROFILE, profile);
  }

  /** What plugins of the API server know of a namespace, without its labels. */
  List<KubernetesObject> known(String namespace) {
    var known = new ArrayList<>(priorityClasses);
    known.addAll(limitRanges.getOrDefault(namespace, List.of()));
    return known;
  }

  /** The same, and the namespace as one that enforces a Pod Security level. */
  List<KubernetesObject> known(String namespace, PodSecurityLevel level) {
    var value = JsonNodeFactory.instance.objectNode();
    value
        .putObject("metadata")
        .put("name", namespace)
        .putObject("labels")
        .put(Namespaces.POD_SECURITY, level.name().toLowerCase(Locale.ROOT));
    var known = known(namespace);
    known.add(new KubernetesObject("v1", "Namespace", FieldPath.ROOT, value));
    return known;
  }
}
