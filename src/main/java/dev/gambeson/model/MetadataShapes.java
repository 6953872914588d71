package dev.gambeson.model;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;

/** The metadata of an object. */
final class MetadataShapes {
  static final Shape<OwnerReference> OWNER_REFERENCE =
      new Shape<>(
              OwnerReference.class, OwnerReference::new, OwnerReference::getAdditionalProperties)
          .text("apiVersion", OwnerReference::getApiVersion, OwnerReference::setApiVersion)
          .truth(
              "blockOwnerDeletion",
              OwnerReference::getBlockOwnerDeletion,
              OwnerReference::setBlockOwnerDeletion)
          .truth("controller", OwnerReference::getController, OwnerReference::setController)
          .text("kind", OwnerReference::getKind, OwnerReference::setKind)
          .text("name", OwnerReference::getName, OwnerReference::setName)
          .text("uid", OwnerReference::getUid, OwnerReference::setUid);

  static final Shape<ObjectMeta> OBJECT_META =
      new Shape<>(ObjectMeta.class, ObjectMeta::new, ObjectMeta::getAdditionalProperties)
          .map("annotations", Value.TEXT, ObjectMeta::getAnnotations, ObjectMeta::setAnnotations)
          .text(
              "creationTimestamp",
              ObjectMeta::getCreationTimestamp,
              ObjectMeta::setCreationTimestamp)
          .longInteger(
              "deletionGracePeriodSeconds",
              ObjectMeta::getDeletionGracePeriodSeconds,
              ObjectMeta::setDeletionGracePeriodSeconds)
          .text(
              "deletionTimestamp",
              ObjectMeta::getDeletionTimestamp,
              ObjectMeta::setDeletionTimestamp)
          .list("finalizers", Value.TEXT, ObjectMeta::getFinalizers, ObjectMeta::setFinalizers)
          .text("generateName", ObjectMeta::getGenerateName, ObjectMeta::setGenerateName)
          .longInteger("generation", ObjectMeta::getGeneration, ObjectMeta::setGeneration)
          .map("labels", Value.TEXT, ObjectMeta::getLabels, ObjectMeta::setLabels)
          .skipped("managedFields")
          .text("name", ObjectMeta::getName, ObjectMeta::setName)
          .text("namespace", ObjectMeta::getNamespace, ObjectMeta::setNamespace)
          .list(
              "ownerReferences",
              OWNER_REFERENCE,
              ObjectMeta::getOwnerReferences,
              ObjectMeta::setOwnerReferences)
          .text("resourceVersion", ObjectMeta::getResourceVersion, ObjectMeta::setResourceVersion)
          .text("selfLink", ObjectMeta::getSelfLink, ObjectMeta::setSelfLink)
          .text("uid", ObjectMeta::getUid, ObjectMeta::setUid);

  private MetadataShapes() {}
}
