package dev.gambeson.review;

import dev.gambeson.pod.FieldPath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file whose pods are judged.
 *
 * @param text as it came
 * @param fixed with the fixes in it
 * @param documents those that hold something and can be read
 */
public record ReviewedFile(
    String name, String text, String fixed, List<ReviewedFile.Document> documents) {
  public ReviewedFile {
    documents = List.copyOf(documents);
  }

  /**
   * A document.
   *
   * @param positions where the fields of the document with the fixes in it are in the text; null
   *     for objects of a live cluster, which have none
   * @param objects those that describe pods
   * @param passedOver the others, and workloads that another one controls
   */
  public record Document(
      @Nullable SourcePositions positions,
      List<JudgedObject> objects,
      List<KubernetesObject> passedOver) {
    public Document {
      objects = List.copyOf(objects);
      passedOver = List.copyOf(passedOver);
    }

    /** {@code web.yaml:12}, where a field is; empty for an object of a live cluster. */
    public String place(String file, FieldPath path) {
      return positions == null ? "" : file + ":" + positions.ofField(path).line();
    }
  }

  /** The objects that describe pods. */
  public List<JudgedObject> objects() {
    return documents.stream().flatMap(document -> document.objects().stream()).toList();
  }
}
