package dev.gambeson.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import dev.gambeson.playground.Playground;
import dev.gambeson.server.Limits;
import dev.gambeson.server.PlaygroundServer;
import dev.gambeson.server.StartupException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page of {@code gambeson playground}, as people use it. */
@ExtendWith(BrowserExtension.class)
class PlaygroundTest {
  private static final int WIDE = 1280;
  private static final int PHONE = 360;

  private static final String SHELL =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: shell, namespace: shop}
      spec:
        containers:
        - name: shell
          image: busybox:1.37
          securityContext: {privileged: true}
      """;

  private static Chromium chromium;
  private static PlaygroundServer server;
  private static String origin;

  @BeforeAll
  static void start(Chromium browser) throws StartupException {
    chromium = browser;
    server =
        PlaygroundServer.start(
            new Playground(Playground.CONFIGURATION, InstantSource.system()),
            "127.0.0.1",
            0,
            null,
            Limits.DEFAULTS);
    origin = "http://localhost:" + server.port();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void whatIsPastedIsFixedBesideAndJudged() {
    try (var watched = open()) {
      var page = watched.page();

      paste(page, SHELL);

      assertThat(page.locator("#fixed .cm-added").first()).isVisible();
      assertThat(text(page, "#fixed")).containsText("type: RuntimeDefault");
      assertThat(verdict(page)).containsText("refused");
      assertThat(findings(page)).containsText("[Privileged] container \"shell\"");
      assertThat(findings(page)).containsText("privileged: false");
      watched.assertQuiet(origin);
    }
  }

  @Test
  void aViolationIsMarkedAtItsLine() {
    try (var watched = open()) {
      var page = watched.page();
      paste(page, SHELL);

      assertThat(page.locator("#manifest .cm-line").nth(7).locator(".cm-lintRange-error"))
          .hasText("securityContext: {privileged: true}");
      page.getByRole(AriaRole.LISTITEM)
          .filter(new Locator.FilterOptions().setHasText("[Privileged]"))
          .getByRole(AriaRole.BUTTON)
          .click();
      assertThat(text(page, "#manifest")).isFocused();
      assertThat(page.locator("#manifest .cm-activeLineGutter").first()).hasText("8");
      page.keyboard().press("F8");
      watched.assertQuiet(origin);
    }
  }

  @Test
  void aMarkShowsTheRemedy() {
    try (var watched = open()) {
      var page = watched.page();
      paste(page, SHELL);

      page.locator("#manifest .cm-lintRange-error").first().hover();

      assertThat(page.locator(".cm-tooltip-lint pre").first()).containsText("privileged: false");
      watched.assertQuiet(origin);
    }
  }

  @Test
  void aLinkBringsTheContentBack() {
    try (var watched = open();
        var other = chromium.page(ColorScheme.LIGHT, WIDE, 900)) {
      var page = watched.page();
      paste(page, SHELL);
      page.getByLabel("Profile").selectOption("strict");
      assertThat(findings(page)).containsText("profile strict");
      page.getByRole(AriaRole.BUTTON, named("Copy link")).click();
      assertThat(page).hasURL(Pattern.compile(".*#.+"));

      var requests = new ArrayList<String>();
      other.page().onRequest(request -> requests.add(request.url()));
      other.page().navigate(page.url());

      assertThat(text(other.page(), "#manifest")).containsText("busybox:1.37");
      assertThat(other.page().getByLabel("Profile")).hasValue("strict");
      assertThat(findings(other.page())).containsText("profile strict");
      var fragment = page.url().substring(page.url().indexOf('#') + 1);
      assertThat(requests.stream().skip(1)).noneMatch(url -> url.contains(fragment));
      watched.assertQuiet(origin);
      other.assertQuiet(origin);
    }
  }

  @Test
  void aDamagedLinkIsSaid() {
    try (var watched = chromium.page(ColorScheme.LIGHT, WIDE, 900)) {
      watched.page().navigate(origin + "/#nothing");

      assertThat(verdict(watched.page())).containsText("The link is damaged");
    }
  }

  @Test
  void aBrokenManifestShowsTheErrorAtItsLine() {
    try (var watched = open()) {
      var page = watched.page();

      paste(page, "apiVersion: v1\nkind: Pod\n metadata: {}\n");

      assertThat(verdict(page)).containsText("line 3");
      assertThat(page.locator("#manifest .cm-line").nth(2).locator(".cm-lintRange-error"))
          .isVisible();
      assertThat(findings(page)).containsText("error");
      watched.assertQuiet(origin);
    }
  }

  @Test
  void aProfileIsWrittenWithCompletions() {
    try (var watched = open()) {
      var page = watched.page();
      page.getByRole(AriaRole.TAB, named("Configuration")).click();
      text(page, "#configuration").click();
      page.keyboard().press("Control+End");

      page.keyboard().type("  mine:");
      page.keyboard().press("Enter");
      page.keyboard().type("ext");
      var options = page.locator(".cm-tooltip-autocomplete").getByRole(AriaRole.OPTION);
      assertThat(options.first()).hasText("extends");
      // A key takes an option only when it has been there for a moment.
      options.first().click();
      page.keyboard().type("none");
      page.keyboard().press("Escape");

      assertThat(page.getByLabel("Profile").locator("option[value=mine]")).hasCount(1);
      page.getByLabel("Profile").selectOption("mine");
      assertThat(verdict(page)).containsText("0 fixes");
      watched.assertQuiet(origin);
    }
  }

  @Test
  void aMistakeInTheConfigurationIsShownAtItsLine() {
    try (var watched = open()) {
      var page = watched.page();
      page.getByRole(AriaRole.TAB, named("Configuration")).click();
      replace(
          page,
          "#configuration",
          "apiVersion: gambeson.dev/v1alpha1\nkind: GambesonConfig\nprofile: {}\n");

      assertThat(verdict(page)).containsText("line 3: ");
      assertThat(page.locator("#configuration .cm-line").nth(2).locator(".cm-lintRange-error"))
          .isVisible();
      watched.assertQuiet(origin);
    }
  }

  @Test
  void theAdmissionReviewsAreShown() {
    try (var watched = open()) {
      var page = watched.page();
      paste(page, SHELL);
      assertThat(findings(page)).containsText("Pod shop/shell");

      page.getByRole(AriaRole.TAB, named("AdmissionReviews")).click();

      var exchanges = page.locator(".exchange");
      assertThat(exchanges).hasCount(2);
      assertThat(exchanges.first()).containsText("POST /mutate/standard/privileged");
      assertThat(exchanges.first()).containsText("/spec/securityContext");
      assertThat(exchanges.last()).containsText("denied");
      watched.assertQuiet(origin);
    }
  }

  @Test
  void theExemptionsAreShown() {
    try (var watched = open()) {
      var page = watched.page();
      paste(page, SHELL);
      assertThat(findings(page)).containsText("Pod shop/shell");

      page.getByRole(AriaRole.TAB, named("Exemptions")).click();

      assertThat(page.locator("#exemptions")).containsText("approvedBy");
      watched.assertQuiet(origin);
    }
  }

  @Test
  void everythingCanBeDoneByKeyboard() {
    try (var watched = open()) {
      var page = watched.page();
      page.getByLabel("Example").focus();
      page.keyboard().press("ArrowDown");
      assertThat(text(page, "#manifest")).containsText("privileged: true");

      var passed = new ArrayList<String>();
      for (int i = 0; i < 7; i++) {
        page.keyboard().press("Tab");
        passed.add(page.locator(":focus").evaluate("each => each.id || each.ariaLabel").toString());
      }
      assertThat(passed)
          .containsSubsequence(
              "profile", "share", "open", "Manifest", "copy", "Fixed manifest", "findings-tab");
      page.keyboard().press("ArrowRight");
      assertThat(page.getByRole(AriaRole.TAB, named("Exemptions"))).isFocused();
      assertThat(page.locator("#exemptions")).containsText("approvedBy");
      page.keyboard().press("End");
      page.keyboard().press("Tab");
      assertThat(text(page, "#configuration")).isFocused();
      page.keyboard().press("Shift+Tab");
      assertThat(page.locator("#configuration-tab")).isFocused();
      watched.assertQuiet(origin);
    }
  }

  @Test
  void filesAreOpened() {
    try (var watched = open()) {
      var page = watched.page();

      page.locator("#files")
          .setInputFiles(
              new FilePayload[] {
                file("a.yaml", SHELL), file("b.yaml", SHELL.replace("shell", "b"))
              });

      assertThat(findings(page)).containsText("Pod shop/shell");
      assertThat(findings(page)).containsText("Pod shop/b");
      watched.assertQuiet(origin);
    }
  }

  @Test
  void aFileIsDropped() {
    try (var watched = open()) {
      var page = watched.page();
      var files =
          page.evaluateHandle(
              """
              text => {
                const transfer = new DataTransfer();
                transfer.items.add(new File([text], "shell.yaml"));
                return transfer;
              }
              """,
              SHELL);

      page.locator("#manifest .cm-content").dispatchEvent("drop", Map.of("dataTransfer", files));

      assertThat(findings(page)).containsText("Pod shop/shell");
      watched.assertQuiet(origin);
    }
  }

  @Test
  void anAnswerThatWasOvertakenIsNotShown() {
    try (var watched = open()) {
      var page = watched.page();
      var held = new ArrayList<Route>();
      page.route(
          "**/review",
          route -> {
            if (route.request().postData().contains("first-of-two")) {
              held.add(route);
            } else {
              route.resume();
            }
          });
      paste(page, SHELL.replace("name: shell, ", "name: first-of-two, "));
      page.waitForCondition(() -> !held.isEmpty());

      paste(page, SHELL);
      assertThat(findings(page)).containsText("Pod shop/shell");
      held.forEach(Route::resume);

      page.getByRole(AriaRole.TAB, named("AdmissionReviews")).click();
      assertThat(page.locator(".exchange")).hasCount(2);
      assertThat(findings(page)).not().containsText("first-of-two");
      watched.assertQuiet(origin);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LIGHT", "DARK"})
  void axeFindsNothing(ColorScheme colours) {
    try (var watched = chromium.page(colours, WIDE, 900)) {
      var page = watched.page();
      open(page);
      paste(page, SHELL);
      assertThat(findings(page)).containsText("Pod shop/shell");
      for (var tab : List.of("Findings", "Exemptions", "AdmissionReviews", "Configuration")) {
        page.getByRole(AriaRole.TAB, named(tab)).click();
        watched.assertAccessible();
      }
      page.locator("#manifest .cm-lintRange-error").first().hover();
      assertThat(page.locator(".cm-tooltip-lint")).isVisible();
      watched.assertAccessible();
      paste(page, "kind: [");
      assertThat(verdict(page)).containsText("line 1");
      watched.assertAccessible();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LIGHT", "DARK"})
  void aPhoneShowsItAll(ColorScheme colours) {
    try (var watched = chromium.page(colours, PHONE, 740)) {
      var page = watched.page();
      open(page);
      paste(page, SHELL);
      for (var tab : List.of("Findings", "Exemptions", "AdmissionReviews", "Configuration")) {
        page.getByRole(AriaRole.TAB, named(tab)).click();
        watched.assertFitsItsWidth();
        watched.assertAccessible();
      }
      watched.assertQuiet(origin);
    }
  }

  private static WatchedPage open() {
    var watched = chromium.page(ColorScheme.LIGHT, WIDE, 900);
    open(watched.page());
    return watched;
  }

  /** Until the first verdict is there. */
  private static void open(Page page) {
    page.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
    page.navigate(origin + "/");
    assertThat(verdict(page)).containsText("allowed");
  }

  private static void paste(Page page, String manifest) {
    replace(page, "#manifest", manifest);
  }

  private static void replace(Page page, String editor, String content) {
    page.evaluate("text => navigator.clipboard.writeText(text)", content);
    text(page, editor).click();
    page.keyboard().press("Control+A");
    page.keyboard().press("Control+V");
  }

  private static Locator text(Page page, String editor) {
    return page.locator(editor + " .cm-content");
  }

  private static Locator verdict(Page page) {
    return page.getByRole(AriaRole.STATUS);
  }

  private static Locator findings(Page page) {
    return page.locator("#findings-panel");
  }

  private static GetByRoleOptions named(String name) {
    return new GetByRoleOptions().setName(name);
  }

  private static FilePayload file(String name, String content) {
    return new FilePayload(name, "text/yaml", content.getBytes(StandardCharsets.UTF_8));
  }
}
