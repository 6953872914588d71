package dev.gambeson.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gambeson.config.ConfigurationLoader;
import java.time.Instant;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class HtmlReportTest {
  private static final Instant MADE = Instant.parse("2026-11-27T12:00:30Z");
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: root}
      spec:
        containers:
        - name: root
          image: nginx:1.29
          command: ["</script><script>alert(1)</script>"]
          securityContext: {privileged: true}
          env: [{name: PASSWORD, value: "{{data}}"}]
      """;

  private static String page(String manifest) {
    return new HtmlReport(MADE)
        .write(Reviews.of(ConfigurationLoader.builtIn(), "strict", manifest));
  }

  private static String between(String page, String start, String end) {
    var found =
        Pattern.compile(Pattern.quote(start) + "(.*?)" + Pattern.quote(end), Pattern.DOTALL)
            .matcher(page);
    assertThat(found.find()).isTrue();
    return found.group(1);
  }

  @Test
  void theTotalsStandInThePage() {
    assertThat(page(POD))
        .contains("<strong>1</strong> objects with a pod")
        .contains("<span class=\"verdict refused\">refused</span> <strong>1</strong>")
        .contains("2026-11-27 12:00 UTC");
  }

  @Test
  void theDataAreTheJsonOfTheReview() throws Exception {
    var data = between(page(POD), "<script type=\"application/json\" id=\"data\">", "</script>");

    var mapper = new ObjectMapper();
    var review = Reviews.of(ConfigurationLoader.builtIn(), "strict", POD);
    assertThat(mapper.readTree(data)).isEqualTo(mapper.readTree(new JsonReport().write(review)));
  }

  @Test
  void noValueBecomesMarkup() {
    assertThat(page(POD.replace("name: root}", "name: '<b>root'}")))
        .doesNotContain("<script>alert")
        .doesNotContain("<b>root");
  }

  @Test
  void thePolicyAllowsThePagesOwnStyleAndScriptOnly() {
    var page = page(POD);

    assertThat(page)
        .contains(
            "default-src 'none'; style-src '%s'; script-src '%s'"
                .formatted(
                    Page.hash(between(page, "<style>", "</style>")),
                    Page.hash(between(page, "<script>", "</script>"))));
    assertThat(Pattern.compile("(?i)(src|href)=|url\\(|@import").matcher(page).find()).isFalse();
  }
}
