package dev.gambeson.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.pod.FieldPath;
import dev.gambeson.yaml.YamlException;
import dev.gambeson.yaml.YamlReader;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateSearchTest {
  private static final String POD = "{spec: {containers: [{name: a, image: b}]}}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "argoproj.io/v1alpha1 | spec: {template: POD} | spec.template",
        "serving.knative.dev/v1 | spec: {template: {spec: {containers: [{image: b}]}}} | spec.template",
        "ray.io/v1 | spec: {headGroupSpec: {template: POD}, workerGroupSpecs: [{template: POD}, {template: POD}]} | spec.headGroupSpec.template spec.workerGroupSpecs[0].template spec.workerGroupSpecs[1].template",
        "keda.sh/v1alpha1 | spec: {jobTargetRef: {template: POD}} | spec.jobTargetRef.template",
        "example.com/v1 | spec: {jobTemplate: {spec: {template: POD}}} | spec.jobTemplate.spec.template",
        "example.com/v1 | spec: {podTemplate: POD} | spec.podTemplate",
        "example.com/v1 | spec: {workload: {template: POD}} | spec.workload.template",
        "jobset.x-k8s.io/v1alpha2 | spec: {replicatedJobs: [{template: {spec: {template: POD}}}]} | spec.replicatedJobs[0].template.spec.template",
        "agones.dev/v1 | spec: {template: {spec: {template: POD}}} | spec.template.spec.template",
        "template.openshift.io/v1 | objects: [{kind: Deployment, spec: {template: POD}}] | objects[0].spec.template",
        "kubeflow.org/v1 | spec: {dispatcher: {Worker: {template: POD}}} | spec.dispatcher.Worker.template",
      })
  void aTemplateIsFoundByItsShape(String apiVersion, String fields, String paths)
      throws YamlException {
    assertThat(find(apiVersion, fields)).containsExactly(paths.split(" ", -1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "v1 | data: {spec: POD}",
        "apps/v1 | data: {spec: {template: POD}}",
        "apiextensions.k8s.io/v1 | spec: {versions: [{schema: {openAPIV3Schema: {default: POD}}}]}",
        "gambeson.dev/v1alpha1 | profiles: {a: POD}",
        "example.com/v1 | status: {template: POD}",
        "example.com/v1 | metadata: {annotations: POD}",
        "example.com/v1 | spec: {template: 'POD'}",
        "example.com/v1 | spec: {template: {spec: {containers: {name: a, image: b}}}}",
        "example.com/v1 | spec: {template: {spec: {containers: []}}}",
        "example.com/v1 | spec: {template: {spec: {containers: [a, b]}}}",
        "example.com/v1 | spec: {template: {spec: {containers: [{image: a}, {name: merged-into-another}]}}}",
        "example.com/v1 | spec: {template: {spec: {containers: [{name: 1, image: a}]}}}",
        "monitoring.coreos.com/v1 | spec: {containers: [{name: a, image: b}]}",
        "kyverno.io/v1 | spec: {rules: [{validate: {pattern: POD}}]}",
        "kyverno.io/v1 | spec: {rules: [{validate: {anyPattern: [POD]}}]}",
        "kyverno.io/v1 | spec: {rules: [{mutate: {patchStrategicMerge: POD}}]}",
        "kyverno.io/v1 | spec: {rules: [{x: {spec: {containers: [{name: '*', image: '!*:latest'}]}}}]}",
        "example.com/v1 | spec: {k8s: {overlays: [POD]}}",
        "example.com/v1 | spec: {valuesSchema: {default: POD}}",
      })
  void whatOnlyResemblesOneIsNone(String apiVersion, String fields) throws YamlException {
    assertThat(find(apiVersion, fields)).isEmpty();
  }

  private static List<String> find(String apiVersion, String fields) throws YamlException {
    var object = YamlReader.readAll("{" + fields.replace("POD", POD) + "}").getFirst().value();
    return TemplateSearch.in(new KubernetesObject(apiVersion, "Some", FieldPath.ROOT, object))
        .stream()
        .map(template -> template.path().toString())
        .toList();
  }
}
