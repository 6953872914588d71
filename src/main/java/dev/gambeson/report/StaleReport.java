package dev.gambeson.report;

import static dev.gambeson.report.TextReport.counted;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gambeson.review.StaleWorkload;
import java.util.List;
import picocli.CommandLine.Help.Ansi;

/** The workloads whose next pods are refused, or are not like those that run. */
public final class StaleReport {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private StaleReport() {}

  /** For a person. */
  public static String text(List<StaleWorkload> workloads, int columns, Ansi ansi) {
    var layout = new TextLayout(columns, ansi);
    for (var workload : workloads) {
      boolean refused = !workload.refused().isEmpty();
      layout.paragraph(
          0,
          2,
          refused ? "WILL BE REFUSED " : "WILL CHANGE ",
          refused ? "bold,red" : "bold,yellow",
          "%s (profile %s): %s".formatted(workload.workload(), workload.profile(), pods(workload)));
      workload.refused().forEach(reason -> layout.paragraph(2, "enforce ", "bold,red", reason));
      if (!refused) {
        layout.paragraph(2, "fixes ", "green", String.join(", ", workload.changes()));
      }
      layout.blank();
    }
    long refused = workloads.stream().filter(workload -> !workload.refused().isEmpty()).count();
    layout.paragraph(
        0,
        "",
        "",
        "When pods are next created: %s refused, %d changed (%s of today's)"
            .formatted(
                counted(refused, "workload"),
                workloads.size() - refused,
                counted(workloads.stream().mapToLong(StaleWorkload::stale).sum(), "pod")));
    return layout.toString();
  }

  private static String pods(StaleWorkload workload) {
    return workload.running() == 0
        ? workload.state()
        : workload.refused().isEmpty()
            ? "%d of %s without what fixes change"
                .formatted(workload.stale(), counted(workload.running(), "pod runs", "pods run"))
            : counted(workload.running(), "pod runs", "pods run") + " now";
  }

  /** For programs; {@code docs/stale.schema.json} describes it. */
  public static String json(
      List<StaleWorkload> workloads, List<String> problems, List<String> remarks) {
    var report = MAPPER.createObjectNode();
    report.put("apiVersion", JsonReport.API_VERSION).put("kind", "StaleReport");
    var all = report.putArray("workloads");
    for (var workload : workloads) {
      all.add(MAPPER.valueToTree(workload));
    }
    problems.forEach(report.putArray("problems")::add);
    remarks.forEach(report.putArray("remarks")::add);
    return report.toPrettyString() + "\n";
  }
}
