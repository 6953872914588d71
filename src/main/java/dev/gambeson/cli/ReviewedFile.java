package dev.gambeson.cli;

import dev.gambeson.admission.ExemptionProposal;
import dev.gambeson.admission.TemplateReview;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.rule.Violation;
import dev.gambeson.verdict.CheckMode;
import dev.gambeson.verdict.Finding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file whose pods are judged.
 *
 * @param text as it came
 * @param fixed with the fixes in it
 */
record ReviewedFile(String name, String text, String fixed, List<ReviewedFile.Item> objects) {

  /**
   * An object that describes a pod, and the verdict.
   *
   * @param place the object's place in its document
   * @param notes what else should be known of how it was judged
   * @param proposal the exemptions that would let it pass; null where nobody asked for any
   */
  record Item(
      FieldPath place,
      TemplateReview review,
      List<String> notes,
      @Nullable ExemptionProposal proposal) {
    Item {
      notes = List.copyOf(notes);
    }

    /** Where the pod is in the document. */
    FieldPath pod() {
      return review.template().under(place);
    }

    /** A field of the pod, in the document. */
    FieldPath path(Violation violation) {
      return violation.path().under(pod());
    }

    List<Finding> findings(CheckMode mode) {
      return review.findings().stream().filter(finding -> finding.mode() == mode).toList();
    }

    /** {@code Deployment shop/web}. */
    String title() {
      return Violation.clean(review.kind() + " " + review.namespace() + "/" + review.name());
    }
  }
}
