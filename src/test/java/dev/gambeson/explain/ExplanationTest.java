package dev.gambeson.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.Generated;
import dev.gambeson.admission.Pasted;
import dev.gambeson.config.ConfigurationLoader;
import dev.gambeson.pod.FieldPath;
import dev.gambeson.review.KubernetesObject;
import dev.gambeson.verdict.Exemption;
import dev.gambeson.verdict.Finding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Pods that failed, each in its own way, are explained as the case says. */
class ExplanationTest {

  @TestFactory
  @Tag(Generated.TAG)
  Stream<DynamicTest> theTextIsTheOneOfTheCase() throws IOException {
    return ExplainedCase.all().stream()
        .map(each ->
            DynamicTest.dynamicTest(
                each.toString(),
                () ->
                    Generated.assertUpToDate(
                        each.folder().resolve("explanation.txt"),
                        ExplanationText.of(each.explain()))));
  }

  /** Pasted into the template, with the exemptions that it asks for, it is what the pods get. */
  @TestFactory
  Stream<DynamicTest> whatHelpsIsNeitherRefusedNorOverwritten() throws IOException {
    return ExplainedCase.all().stream()
        .filter(each -> !each.isBare())
        .map(each -> DynamicTest.dynamicTest(each.toString(), () -> verifyRemedies(each)));
  }

  private static void verifyRemedies(ExplainedCase each) throws Exception {
    var broken =
        each.review(each.written(), each.choice()).findings().stream()
            .filter(Finding::isEnforced)
            .toList();
    for (var diagnosis : each.explain().diagnoses()) {
      for (var remedy : diagnosis.remedies()) {
        var written = each.written();
        var manifest =
            remedy.yaml().isEmpty() ? written.value() : Pasted.into(written.value(), remedy.yaml());
        var choice = each.choice().exempting(exemptions(remedy.exemptions()));
        var review =
            each.review(
                new KubernetesObject(
                    written.apiVersion(), written.kind(), FieldPath.ROOT, manifest),
                choice);

        assertThat(review.findings().stream().filter(Finding::isEnforced).toList())
            .as("refused with %s", remedy)
            .isEqualTo(broken);
        var field =
            Objects.requireNonNull(diagnosis.field()).under(FieldPath.of("spec", "template"));
        boolean writes = manifest.at(field.pointer()).isValueNode();
        if (remedy.yaml().isEmpty() || (writes && !manifest.at(field.pointer()).isNull())) {
          assertThat(review.fixed())
              .as("changed in spite of %s", remedy)
              .noneSatisfy(fix -> {
                assertThat(fix.rule()).isEqualTo(diagnosis.rule());
                assertThat(fix.paths().stream().map(FieldPath::toString))
                    .contains(field.toString());
              });
        }
      }
    }
  }

  private static List<Exemption> exemptions(List<String> forms) throws Exception {
    var all = new ArrayList<Exemption>();
    for (var form : forms) {
      var text =
          "apiVersion: gambeson.dev/v1alpha1\nkind: GambesonConfig\nexemptions:\n"
              + form.replace("reason: ''", "reason: needed")
                  .replace("approvedBy: ''", "approvedBy: security");
      all.addAll(ConfigurationLoader.load(text, "form").exemptions());
    }
    return all;
  }
}
