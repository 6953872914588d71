package dev.gambeson.review;

import dev.gambeson.admission.ExemptionProposal;
import dev.gambeson.admission.TemplateReview;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.pod.PodTemplate;
import dev.gambeson.rule.Violation;
import dev.gambeson.verdict.CheckMode;
import dev.gambeson.verdict.Finding;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An object, or a part of one, that describes a pod, and the verdict.
 *
 * @param source the object as it came
 * @param notes what else should be known of how it was judged
 * @param proposal the exemptions that would let it pass; null where nobody asked for any
 */
public record JudgedObject(
    KubernetesObject source,
    TemplateReview review,
    List<String> notes,
    @Nullable ExemptionProposal proposal) {
  public JudgedObject {
    notes = List.copyOf(notes);
  }

  /** Its place in its document. */
  public FieldPath place() {
    return source.path();
  }

  /** Where the pod is in the document. */
  public FieldPath pod() {
    return review.template().under(place());
  }

  /** A field of the object, as the pod calls it where it is in the pod. */
  public FieldPath inPod(FieldPath path) {
    return path.isWithin(review.template()) ? path.from(review.template().depth()) : path;
  }

  /** A field of the pod, in the document. */
  public FieldPath path(Violation violation) {
    return violation.path().under(pod());
  }

  /** The same, which is one of several pods that are alike. */
  JudgedObject standingFor(RunningPods pods) {
    if (!pods.isOfAStranger()) {
      return this;
    }
    var all = new ArrayList<>(notes);
    all.add("stands for %d pods of %s".formatted(pods.count(), pods.title()));
    return new JudgedObject(source, review, all, proposal);
  }

  public List<Finding> findings(CheckMode mode) {
    return review.findings().stream().filter(finding -> finding.mode() == mode).toList();
  }

  /** What becomes of the object's pods. */
  public Verdict verdict() {
    return !review.allowed()
        ? Verdict.REFUSED
        : review.changed() ? Verdict.CHANGED : Verdict.UNCHANGED;
  }

  /**
   * Whether Kubernetes does not define the object's kind. Then nobody knows what else its
   * controller makes of the template, and the object is left as it is.
   */
  public boolean isForeign() {
    return PodTemplate.of(source.apiVersion(), source.kind()).isEmpty();
  }

  /** {@code Deployment shop/web}; {@code RayCluster shop/ray, spec.headGroupSpec.template}. */
  public String title() {
    return Violation.clean(
        review.kind()
            + " "
            + review.namespace()
            + "/"
            + review.name()
            + (isForeign() ? ", " + review.template() : ""));
  }
}
