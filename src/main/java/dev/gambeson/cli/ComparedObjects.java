package dev.gambeson.cli;

import dev.gambeson.cluster.ClusterObjects;
import dev.gambeson.report.ComparisonReport;
import dev.gambeson.review.Comparison;
import dev.gambeson.review.KubernetesObject;
import dev.gambeson.review.Manifests;
import dev.gambeson.review.ReviewTerms;
import dev.gambeson.review.RunningPods;
import java.util.List;
import picocli.CommandLine;

/** The objects of manifests, or of a live cluster, on which two verdicts are compared. */
record ComparedObjects(
    List<KubernetesObject> objects,
    List<RunningPods> pods,
    List<String> remarks,
    List<String> problems) {

  static ComparedObjects of(Manifests manifests) {
    return new ComparedObjects(
        manifests.objects().toList(), List.of(), manifests.remarks(), manifests.problems());
  }

  static ComparedObjects of(ClusterObjects cluster) {
    return new ComparedObjects(
        cluster.objects(), cluster.pods(), cluster.remarks(), cluster.problems());
  }

  /**
   * Prints what differs.
   *
   * @return the exit code
   */
  int compare(ReviewTerms before, ReviewTerms after, boolean json, CommandLine commandLine) {
    var comparison = Comparison.of(objects, pods, before, after);
    commandLine
        .getOut()
        .print(
            json
                ? ComparisonReport.json(comparison, problems, remarks)
                : ComparisonReport.text(
                    comparison,
                    Terminal.columns(System.getenv()),
                    commandLine.getColorScheme().ansi()));
    commandLine.getOut().flush();
    var errors = commandLine.getErr();
    remarks.forEach(errors::println);
    problems.forEach(errors::println);
    comparison.problems().forEach(errors::println);
    return problems.isEmpty() && comparison.problems().isEmpty()
        ? ExitCodes.FINE
        : ExitCodes.UNUSABLE;
  }
}
