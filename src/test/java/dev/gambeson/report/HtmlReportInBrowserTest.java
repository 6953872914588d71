package dev.gambeson.report;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.gambeson.browser.BrowserExtension;
import dev.gambeson.browser.Chromium;
import dev.gambeson.browser.WatchedPage;
import dev.gambeson.config.ConfigurationLoader;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The page of {@code gambeson review --output html}, as people use it. */
@ExtendWith(BrowserExtension.class)
class HtmlReportInBrowserTest {
  private static final Logger LOG = LoggerFactory.getLogger(HtmlReportInBrowserTest.class);
  private static final int AT_ONCE = 100;
  private static final int WIDE = 1280;
  private static final int PHONE = 360;

  private final Chromium chromium;

  HtmlReportInBrowserTest(Chromium chromium) {
    this.chromium = chromium;
  }

  private static String pods(int count) {
    var text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(
          """
          ---
          apiVersion: v1
          kind: Pod
          metadata: {name: pod-%d, namespace: team-%d}
          spec:
            hostNetwork: true
            containers:
            - name: main
              image: nginx
              securityContext: {privileged: true}
          """
              .formatted(i, i % 7));
    }
    return text.toString();
  }

  private WatchedPage open(String manifest, ColorScheme colours, int width) {
    var watched = chromium.page(colours, width, 900);
    var review = Reviews.of(ConfigurationLoader.builtIn(), "strict", manifest);
    watched.page().setContent(new HtmlReport(Instant.EPOCH).write(review));
    assertThat(rows(watched.page()).first()).isVisible();
    return watched;
  }

  private static Locator rows(Page page) {
    return page.locator("#rows tr");
  }

  private static Locator count(Page page) {
    return page.locator("#count");
  }

  @Test
  void aFilterShowsWhatItSelects() {
    try (var watched = open(pods(3), ColorScheme.LIGHT, WIDE)) {
      var page = watched.page();

      page.getByLabel("Rule").selectOption("Privileged");
      assertThat(rows(page)).hasCount(3);
      page.getByLabel("Search").fill("team-1");
      assertThat(rows(page)).hasCount(1);
      assertThat(rows(page)).containsText("Pod team-1/pod-1");
      page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Show all")).click();
      assertThat(page.getByLabel("Search")).hasValue("");
      assertThat(rows(page).filter(new Locator.FilterOptions().setHasText("filled in")).first())
          .isVisible();
      watched.assertQuiet();
    }
  }

  @Test
  void aBarOfTheChartFilters() {
    try (var watched = open(pods(3), ColorScheme.LIGHT, WIDE)) {
      var page = watched.page();

      page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("HostNamespaces:"))
          .click();

      assertThat(rows(page)).hasCount(3);
      assertThat(page.getByLabel("Rule")).hasValue("HostNamespaces");
    }
  }

  @Test
  void aColumnSortsBothWays() {
    try (var watched = open(pods(12), ColorScheme.LIGHT, WIDE)) {
      var page = watched.page();
      var object = page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Object"));

      object.click();
      assertThat(rows(page).first()).containsText("team-0/pod-0");
      object.click();
      assertThat(rows(page).first()).containsText("team-6/pod-6");
      assertThat(page.locator("th[aria-sort=descending]")).hasText("Object");
    }
  }

  @Test
  void theRemedyIsAClickAway() {
    try (var watched = open(pods(1), ColorScheme.LIGHT, WIDE)) {
      var row =
          rows(watched.page()).filter(new Locator.FilterOptions().setHasText("Privileged")).first();

      row.getByText("YAML that fixes it").click();

      assertThat(row.locator("pre")).containsText("privileged: false");
    }
  }

  @Test
  void thousandsOfFindingsAreShownInParts() {
    var before = Instant.now();
    try (var watched = open(pods(400), ColorScheme.LIGHT, WIDE)) {
      var page = watched.page();
      LOG.info("judged, written and opened: {}", Duration.between(before, Instant.now()));
      LOG.info(
          "first view after {} ms",
          page.evaluate(
              "performance.getEntriesByType('navigation')[0].duration || performance.now()"));

      assertThat(rows(page)).hasCount(AT_ONCE);
      page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("more")).click();
      assertThat(rows(page)).hasCount(2 * AT_ONCE);
      LOG.info(
          "a filter takes {} ms",
          page.evaluate(
              """
              () => {
                const start = performance.now();
                const search = document.getElementById('search');
                search.value = 'pod-77';
                search.dispatchEvent(new Event('input'));
                document.body.offsetHeight;
                return performance.now() - start;
              }
              """));
      assertThat(count(page)).containsText(" of ");
      watched.assertQuiet();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LIGHT", "DARK"})
  void axeFindsNothing(ColorScheme colours) {
    try (var watched = open(pods(3), colours, WIDE)) {
      watched.assertAccessible();
    }
  }

  @Test
  void aPhoneShowsItWithoutScrollingSideways() {
    try (var watched = open(pods(3), ColorScheme.LIGHT, PHONE)) {
      watched.assertFitsItsWidth();
      assertThat(watched.page().locator(".totals")).isVisible();
    }
  }
}
