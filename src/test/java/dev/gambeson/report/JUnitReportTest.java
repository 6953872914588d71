package dev.gambeson.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gambeson.review.Review;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.util.List;
import org.apache.maven.plugin.surefire.log.api.NullConsoleLogger;
import org.apache.maven.plugins.surefire.report.ReportTestCase;
import org.apache.maven.plugins.surefire.report.ReportTestSuite;
import org.apache.maven.plugins.surefire.report.TestSuiteXmlParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What Surefire's own parser reads. */
class JUnitReportTest {
  private static final String RULES =
      """
      profiles:
        p:
          extends: none
          rules:
            Privileged: {check: enforce}
            HostPorts: {check: enforce}
            ImageTag: {check: warn}
            Probes: {check: audit}
            Timezone: {fix: apply}
      exemptions:
      - {rules: [HostPorts], namespaces: [net], reason: the node's DNS, approvedBy: ops, expires: 2027-03-31}
      """;

  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: agent, namespace: net}
      spec:
        containers:
        - name: main
          image: agent
          ports: [{containerPort: 80, hostPort: 80}]
          securityContext: {privileged: true}
      """;

  private static List<ReportTestSuite> read(FailOn failOn, Review review) throws Exception {
    var xml = new JUnitReport(failOn).write(review);
    return new TestSuiteXmlParser(new NullConsoleLogger())
        .parse(new InputStreamReader(new ByteArrayInputStream(xml.getBytes(UTF_8)), UTF_8));
  }

  private static Review review(String... manifests) {
    return Reviews.of(Reviews.configuration(RULES), "p", manifests);
  }

  @Test
  void thereIsOneCaseForEachObjectAndRule() throws Exception {
    var suites = read(FailOn.ENFORCE, review(POD, POD.replace("privileged: true", "")));

    assertThat(suites)
        .extracting(ReportTestSuite::getFullClassName)
        .containsExactly("Pod net/agent (a.yaml)", "Pod net/agent (b.yaml)");
    var first = suites.getFirst();
    assertThat(first.getNumberOfTests()).isEqualTo(4);
    assertThat(first.getNumberOfFailures()).isEqualTo(1);
    assertThat(first.getNumberOfErrors()).isZero();
    assertThat(first.getNumberOfSkipped()).isEqualTo(1);
    assertThat(first.getTestCases())
        .extracting(ReportTestCase::getName)
        .containsExactlyInAnyOrder("Privileged", "HostPorts", "ImageTag", "Probes");
    assertThat(first.getTestCases())
        .filteredOn(ReportTestCase::hasFailure)
        .singleElement()
        .satisfies(failed -> {
          assertThat(failed.getName()).isEqualTo("Privileged");
          assertThat(failed.getFullClassName()).isEqualTo("Pod net/agent (a.yaml)");
          assertThat(failed.getFailureMessage())
              .isEqualTo(
                  "container \"main\": spec.containers[0].securityContext.privileged: found true,"
                      + " wanted false; set it to false");
        });
    assertThat(first.getTestCases())
        .filteredOn(ReportTestCase::hasSkipped)
        .extracting(ReportTestCase::getName)
        .containsExactly("HostPorts");
    assertThat(suites.getLast().getNumberOfFailures()).isZero();
  }

  @ParameterizedTest
  @EnumSource(FailOn.class)
  void whatFailsIsAsAsked(FailOn failOn) throws Exception {
    var cases = read(failOn, review(POD)).getFirst().getTestCases();

    assertThat(cases)
        .filteredOn(ReportTestCase::hasFailure)
        .extracting(ReportTestCase::getName)
        .containsExactlyInAnyOrderElementsOf(
            switch (failOn) {
              case ENFORCE -> List.of("Privileged");
              case WARN -> List.of("Privileged", "ImageTag");
              case NEVER -> List.of();
            });
  }

  @Test
  void whatCannotBeReadIsAnError() throws Exception {
    var suites = read(FailOn.ENFORCE, review("a: ["));

    assertThat(suites.getLast().getNumberOfErrors()).isEqualTo(1);
    assertThat(suites.getLast().getTestCases().getFirst().getFailureMessage())
        .startsWith("a.yaml: document 1, line ");
  }

  @Test
  void whatXmlCannotHoldBreaksNothing() throws Exception {
    var hostile =
        POD.replace("name: agent", "name: \"<a&]]>\\uFFFE\\u0001\\n\\U0001F600'\\\"\"")
            .replace("image: agent", "image: \"\\uFFFF<!--\\0\"");

    var suite = read(FailOn.WARN, review(hostile)).getFirst();

    assertThat(suite.getNumberOfFailures()).isEqualTo(2);
    assertThat(suite.getTestCases().getFirst().getFullClassName()).contains("<a&]]>", "😀");
  }
}
