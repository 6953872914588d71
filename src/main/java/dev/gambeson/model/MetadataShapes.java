package dev.gambeson.model;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;

/** The metadata of an object. */
final class MetadataShapes {
  static final Shape<OwnerReference> OWNER_REFERENCE =
      new Shape<>(OwnerReference::new)
          .text("apiVersion", OwnerReference::setApiVersion)
          .truth("blockOwnerDeletion", OwnerReference::setBlockOwnerDeletion)
          .truth("controller", OwnerReference::setController)
          .text("kind", OwnerReference::setKind)
          .text("name", OwnerReference::setName)
          .text("uid", OwnerReference::setUid);

  static final Shape<ObjectMeta> OBJECT_META =
      new Shape<>(ObjectMeta::new)
          .map("annotations", ValueReader.TEXT, ObjectMeta::setAnnotations)
          .text("creationTimestamp", ObjectMeta::setCreationTimestamp)
          .longInteger("deletionGracePeriodSeconds", ObjectMeta::setDeletionGracePeriodSeconds)
          .text("deletionTimestamp", ObjectMeta::setDeletionTimestamp)
          .list("finalizers", ValueReader.TEXT, ObjectMeta::setFinalizers)
          .text("generateName", ObjectMeta::setGenerateName)
          .longInteger("generation", ObjectMeta::setGeneration)
          .map("labels", ValueReader.TEXT, ObjectMeta::setLabels)
          .skipped("managedFields")
          .text("name", ObjectMeta::setName)
          .text("namespace", ObjectMeta::setNamespace)
          .list("ownerReferences", OWNER_REFERENCE, ObjectMeta::setOwnerReferences)
          .text("resourceVersion", ObjectMeta::setResourceVersion)
          .text("selfLink", ObjectMeta::setSelfLink)
          .text("uid", ObjectMeta::setUid);

  private MetadataShapes() {}
}
