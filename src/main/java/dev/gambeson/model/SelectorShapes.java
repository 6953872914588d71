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
      new Shape<>(
              LabelSelectorRequirement.class,
              LabelSelectorRequirement::new,
              LabelSelectorRequirement::getAdditionalProperties)
          .text("key", LabelSelectorRequirement::getKey, LabelSelectorRequirement::setKey)
          .text(
              "operator",
              LabelSelectorRequirement::getOperator,
              LabelSelectorRequirement::setOperator)
          .list(
              "values",
              Value.TEXT,
              LabelSelectorRequirement::getValues,
              LabelSelectorRequirement::setValues);

  static final Shape<LabelSelector> LABEL_SELECTOR =
      new Shape<>(LabelSelector.class, LabelSelector::new, LabelSelector::getAdditionalProperties)
          .list(
              "matchExpressions",
              LABEL_SELECTOR_REQUIREMENT,
              LabelSelector::getMatchExpressions,
              LabelSelector::setMatchExpressions)
          .map(
              "matchLabels",
              Value.TEXT,
              LabelSelector::getMatchLabels,
              LabelSelector::setMatchLabels);

  static final Shape<PodAffinityTerm> POD_AFFINITY_TERM =
      new Shape<>(
              PodAffinityTerm.class, PodAffinityTerm::new, PodAffinityTerm::getAdditionalProperties)
          .with(
              "labelSelector",
              LABEL_SELECTOR,
              PodAffinityTerm::getLabelSelector,
              PodAffinityTerm::setLabelSelector)
          .list(
              "matchLabelKeys",
              Value.TEXT,
              PodAffinityTerm::getMatchLabelKeys,
              PodAffinityTerm::setMatchLabelKeys)
          .list(
              "mismatchLabelKeys",
              Value.TEXT,
              PodAffinityTerm::getMismatchLabelKeys,
              PodAffinityTerm::setMismatchLabelKeys)
          .with(
              "namespaceSelector",
              LABEL_SELECTOR,
              PodAffinityTerm::getNamespaceSelector,
              PodAffinityTerm::setNamespaceSelector)
          .list(
              "namespaces",
              Value.TEXT,
              PodAffinityTerm::getNamespaces,
              PodAffinityTerm::setNamespaces)
          .text("topologyKey", PodAffinityTerm::getTopologyKey, PodAffinityTerm::setTopologyKey);

  static final Shape<WeightedPodAffinityTerm> WEIGHTED_POD_AFFINITY_TERM =
      new Shape<>(
              WeightedPodAffinityTerm.class,
              WeightedPodAffinityTerm::new,
              WeightedPodAffinityTerm::getAdditionalProperties)
          .with(
              "podAffinityTerm",
              POD_AFFINITY_TERM,
              WeightedPodAffinityTerm::getPodAffinityTerm,
              WeightedPodAffinityTerm::setPodAffinityTerm)
          .integer(
              "weight", WeightedPodAffinityTerm::getWeight, WeightedPodAffinityTerm::setWeight);

  static final Shape<PodAntiAffinity> POD_ANTI_AFFINITY =
      new Shape<>(
              PodAntiAffinity.class, PodAntiAffinity::new, PodAntiAffinity::getAdditionalProperties)
          .list(
              "preferredDuringSchedulingIgnoredDuringExecution",
              WEIGHTED_POD_AFFINITY_TERM,
              PodAntiAffinity::getPreferredDuringSchedulingIgnoredDuringExecution,
              PodAntiAffinity::setPreferredDuringSchedulingIgnoredDuringExecution)
          .list(
              "requiredDuringSchedulingIgnoredDuringExecution",
              POD_AFFINITY_TERM,
              PodAntiAffinity::getRequiredDuringSchedulingIgnoredDuringExecution,
              PodAntiAffinity::setRequiredDuringSchedulingIgnoredDuringExecution);

  static final Shape<PodAffinity> POD_AFFINITY =
      new Shape<>(PodAffinity.class, PodAffinity::new, PodAffinity::getAdditionalProperties)
          .list(
              "preferredDuringSchedulingIgnoredDuringExecution",
              WEIGHTED_POD_AFFINITY_TERM,
              PodAffinity::getPreferredDuringSchedulingIgnoredDuringExecution,
              PodAffinity::setPreferredDuringSchedulingIgnoredDuringExecution)
          .list(
              "requiredDuringSchedulingIgnoredDuringExecution",
              POD_AFFINITY_TERM,
              PodAffinity::getRequiredDuringSchedulingIgnoredDuringExecution,
              PodAffinity::setRequiredDuringSchedulingIgnoredDuringExecution);

  static final Shape<Affinity> AFFINITY =
      new Shape<>(Affinity.class, Affinity::new, Affinity::getAdditionalProperties)
          .with(
              "nodeAffinity",
              Value.rare(NodeAffinity.class),
              Affinity::getNodeAffinity,
              Affinity::setNodeAffinity)
          .with("podAffinity", POD_AFFINITY, Affinity::getPodAffinity, Affinity::setPodAffinity)
          .with(
              "podAntiAffinity",
              POD_ANTI_AFFINITY,
              Affinity::getPodAntiAffinity,
              Affinity::setPodAntiAffinity);

  static final Shape<TopologySpreadConstraint> TOPOLOGY_SPREAD_CONSTRAINT =
      new Shape<>(
              TopologySpreadConstraint.class,
              TopologySpreadConstraint::new,
              TopologySpreadConstraint::getAdditionalProperties)
          .with(
              "labelSelector",
              LABEL_SELECTOR,
              TopologySpreadConstraint::getLabelSelector,
              TopologySpreadConstraint::setLabelSelector)
          .list(
              "matchLabelKeys",
              Value.TEXT,
              TopologySpreadConstraint::getMatchLabelKeys,
              TopologySpreadConstraint::setMatchLabelKeys)
          .integer(
              "maxSkew", TopologySpreadConstraint::getMaxSkew, TopologySpreadConstraint::setMaxSkew)
          .integer(
              "minDomains",
              TopologySpreadConstraint::getMinDomains,
              TopologySpreadConstraint::setMinDomains)
          .text(
              "nodeAffinityPolicy",
              TopologySpreadConstraint::getNodeAffinityPolicy,
              TopologySpreadConstraint::setNodeAffinityPolicy)
          .text(
              "nodeTaintsPolicy",
              TopologySpreadConstraint::getNodeTaintsPolicy,
              TopologySpreadConstraint::setNodeTaintsPolicy)
          .text(
              "topologyKey",
              TopologySpreadConstraint::getTopologyKey,
              TopologySpreadConstraint::setTopologyKey)
          .text(
              "whenUnsatisfiable",
              TopologySpreadConstraint::getWhenUnsatisfiable,
              TopologySpreadConstraint::setWhenUnsatisfiable);

  static final Shape<Toleration> TOLERATION =
      new Shape<>(Toleration.class, Toleration::new, Toleration::getAdditionalProperties)
          .text("effect", Toleration::getEffect, Toleration::setEffect)
          .text("key", Toleration::getKey, Toleration::setKey)
          .text("operator", Toleration::getOperator, Toleration::setOperator)
          .longInteger(
              "tolerationSeconds",
              Toleration::getTolerationSeconds,
              Toleration::setTolerationSeconds)
          .text("value", Toleration::getValue, Toleration::setValue);

  private SelectorShapes() {}
}
