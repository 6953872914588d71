package dev.gambeson.model;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeAffinity;
import io.fabric8.kubernetes.api.model.PodAffinity;
import io.fabric8.kubernetes.api.model.PodAffinityTerm;
import io.fabric8.kubernetes.api.model.PodAntiAffinity;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.WeightedPodAffinityTerm;

/** Where a pod may run. */
final class SelectorShapes {
  static final Shape<LabelSelectorRequirement> LABEL_SELECTOR_REQUIREMENT =
      new Shape<>(LabelSelectorRequirement::new)
          .text("key", LabelSelectorRequirement::setKey)
          .text("operator", LabelSelectorRequirement::setOperator)
          .list("values", ValueReader.TEXT, LabelSelectorRequirement::setValues);

  static final Shape<LabelSelector> LABEL_SELECTOR =
      new Shape<>(LabelSelector::new)
          .list("matchExpressions", LABEL_SELECTOR_REQUIREMENT, LabelSelector::setMatchExpressions)
          .map("matchLabels", ValueReader.TEXT, LabelSelector::setMatchLabels);

  static final Shape<PodAffinityTerm> POD_AFFINITY_TERM =
      new Shape<>(PodAffinityTerm::new)
          .with("labelSelector", LABEL_SELECTOR, PodAffinityTerm::setLabelSelector)
          .list("matchLabelKeys", ValueReader.TEXT, PodAffinityTerm::setMatchLabelKeys)
          .list("mismatchLabelKeys", ValueReader.TEXT, PodAffinityTerm::setMismatchLabelKeys)
          .with("namespaceSelector", LABEL_SELECTOR, PodAffinityTerm::setNamespaceSelector)
          .list("namespaces", ValueReader.TEXT, PodAffinityTerm::setNamespaces)
          .text("topologyKey", PodAffinityTerm::setTopologyKey);

  static final Shape<WeightedPodAffinityTerm> WEIGHTED_POD_AFFINITY_TERM =
      new Shape<>(WeightedPodAffinityTerm::new)
          .with("podAffinityTerm", POD_AFFINITY_TERM, WeightedPodAffinityTerm::setPodAffinityTerm)
          .integer("weight", WeightedPodAffinityTerm::setWeight);

  static final Shape<PodAntiAffinity> POD_ANTI_AFFINITY =
      new Shape<>(PodAntiAffinity::new)
          .list(
              "preferredDuringSchedulingIgnoredDuringExecution",
              WEIGHTED_POD_AFFINITY_TERM,
              PodAntiAffinity::setPreferredDuringSchedulingIgnoredDuringExecution)
          .list(
              "requiredDuringSchedulingIgnoredDuringExecution",
              POD_AFFINITY_TERM,
              PodAntiAffinity::setRequiredDuringSchedulingIgnoredDuringExecution);

  static final Shape<PodAffinity> POD_AFFINITY =
      new Shape<>(PodAffinity::new)
          .list(
              "preferredDuringSchedulingIgnoredDuringExecution",
              WEIGHTED_POD_AFFINITY_TERM,
              PodAffinity::setPreferredDuringSchedulingIgnoredDuringExecution)
          .list(
              "requiredDuringSchedulingIgnoredDuringExecution",
              POD_AFFINITY_TERM,
              PodAffinity::setRequiredDuringSchedulingIgnoredDuringExecution);

  static final Shape<Affinity> AFFINITY =
      new Shape<>(Affinity::new)
          .rare("nodeAffinity", NodeAffinity.class, Affinity::setNodeAffinity)
          .with("podAffinity", POD_AFFINITY, Affinity::setPodAffinity)
          .with("podAntiAffinity", POD_ANTI_AFFINITY, Affinity::setPodAntiAffinity);

  static final Shape<TopologySpreadConstraint> TOPOLOGY_SPREAD_CONSTRAINT =
      new Shape<>(TopologySpreadConstraint::new)
          .with("labelSelector", LABEL_SELECTOR, TopologySpreadConstraint::setLabelSelector)
          .list("matchLabelKeys", ValueReader.TEXT, TopologySpreadConstraint::setMatchLabelKeys)
          .integer("maxSkew", TopologySpreadConstraint::setMaxSkew)
          .integer("minDomains", TopologySpreadConstraint::setMinDomains)
          .text("nodeAffinityPolicy", TopologySpreadConstraint::setNodeAffinityPolicy)
          .text("nodeTaintsPolicy", TopologySpreadConstraint::setNodeTaintsPolicy)
          .text("topologyKey", TopologySpreadConstraint::setTopologyKey)
          .text("whenUnsatisfiable", TopologySpreadConstraint::setWhenUnsatisfiable);

  static final Shape<Toleration> TOLERATION =
      new Shape<>(Toleration::new)
          .text("effect", Toleration::setEffect)
          .text("key", Toleration::setKey)
          .text("operator", Toleration::setOperator)
          .longInteger("tolerationSeconds", Toleration::setTolerationSeconds)
          .text("value", Toleration::setValue);

  private SelectorShapes() {}
}
