package dev.gambeson.review;

import dev.gambeson.admission.MalformedReviewException;
import dev.gambeson.yaml.DocumentEdit;
import dev.gambeson.yaml.Position;
import dev.gambeson.yaml.YamlDocument;
import dev.gambeson.yaml.YamlEditor;
import dev.gambeson.yaml.YamlException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Judges the objects of manifests, and writes the fixes into their texts. */
public final class ManifestReview {
  private final Manifests manifests;
  private final ObjectReview review;

  private ManifestReview(Manifests manifests, ObjectReview review) {
    this.manifests = manifests;
    this.review = review;
  }

  /**
   * Judges manifests, file by file.
   *
   * @param manifests learn what cannot be judged
   */
  public static Review of(Manifests manifests, ReviewTerms terms) {
    var review = new ManifestReview(manifests, new ObjectReview(terms, manifests.objects()));
    var files = manifests.files().stream().map(review::review).toList();
    return new Review(files, manifests.problems(), manifests.remarks());
  }

  private ReviewedFile review(Manifests.File file) {
    var documents = new ArrayList<ReviewedFile.Document>();
    var text = new StringBuilder();
    for (var document : file.documents()) {
      var value = document.value();
      if (value == null) {
        text.append(document.source().text());
        continue;
      }
      var judged = new ArrayList<JudgedObject>();
      var passedOver = new ArrayList<KubernetesObject>();
      for (var object : document.objects()) {
        judge(object, file, value, judged, passedOver);
      }
      var positions = SourcePositions.of(value, edits(judged.stream()));
      documents.add(new ReviewedFile.Document(positions, judged, passedOver));
      var fixable = judged.stream().filter(object -> !object.isForeign());
      text.append(edit(file, value, edits(fixable)));
    }
    return new ReviewedFile(file.name(), file.text(), text.toString(), documents);
  }

  private static List<DocumentEdit> edits(Stream<JudgedObject> judged) {
    return judged
        .flatMap(object ->
            object.review().edits().stream().map(edit -> edit.under(object.place().pointer())))
        .toList();
  }

  private void judge(
      KubernetesObject object,
      Manifests.File file,
      YamlDocument document,
      List<JudgedObject> judged,
      List<KubernetesObject> passedOver) {
    try {
      var all = review.judgeAll(object);
      judged.addAll(all);
      if (all.isEmpty()) {
        passedOver.add(object);
      }
    } catch (MalformedReviewException e) {
      addProblem(
          file,
          document,
          document.valueAt(e.path().under(object.path()).pointer()),
          review.title(object) + ": " + e.getMessage());
    } catch (RuntimeException e) {
      addProblem(
          file,
          document,
          document.valueAt(object.path().pointer()),
          review.title(object) + ": not judged, by a mistake of Gambeson's: " + mistake(e));
    }
  }

  private String edit(Manifests.File file, YamlDocument document, List<DocumentEdit> edits) {
    try {
      return YamlEditor.edit(document, edits);
    } catch (YamlException e) {
      addProblem(file, document, e.position(), e.reason());
    } catch (RuntimeException e) {
      addProblem(
          file,
          document,
          document.source().start(),
          "not fixed, by a mistake of Gambeson's: " + mistake(e));
    }
    return document.source().text();
  }

  private void addProblem(
      Manifests.File file, YamlDocument document, Position position, String reason) {
    manifests.addProblem(file.name(), document.source(), position, reason);
  }

  /** What to say of an exception that should not be. */
  static String mistake(RuntimeException e) {
    return "please report it with the manifest: "
        + e
        + Arrays.stream(e.getStackTrace()).findFirst().map(frame -> " at " + frame).orElse("");
  }
}
