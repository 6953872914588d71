package dev.gambeson.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A page, and what went wrong in it. */
public final class WatchedPage implements AutoCloseable {
  private static final List<String> NOWHERE = List.of("data", "blob", "about");

  private final BrowserContext context;
  private final Page page;
  private final List<String> errors = new ArrayList<>();
  private final Set<String> origins = new LinkedHashSet<>();

  WatchedPage(BrowserContext context) {
    this.context = context;
    page = context.newPage();
    page.onConsoleMessage(message -> {
      if (message.type().equals("error") || message.type().equals("warning")) {
        errors.add(message.text());
      }
    });
    page.onPageError(errors::add);
    page.onRequest(request -> {
      var url = URI.create(request.url());
      if (!NOWHERE.contains(url.getScheme())) {
        origins.add(url.getScheme() + "://" + url.getRawAuthority());
      }
    });
  }

  public Page page() {
    return page;
  }

  /**
   * Asserts that the page needs nothing from elsewhere, and that the browser has nothing to
   * complain of, a breach of its Content-Security-Policy for example.
   */
  public void assertQuiet(String... servers) {
    assertThat(origins).containsExactlyInAnyOrder(servers);
    assertThat(errors).isEmpty();
  }

  /** Asserts that axe finds nothing that would keep people from using the page as it is now. */
  public void assertAccessible() {
    var violations = new AxeBuilder(page).analyze().getViolations();
    assertThat(violations)
        .extracting(violation ->
            violation.getId()
                + ": "
                + violation.getNodes().stream()
                    .map(node -> node.getHtml() + node.getFailureSummary())
                    .toList())
        .isEmpty();
  }

  /** Asserts that nothing has to be scrolled sideways. */
  public void assertFitsItsWidth() {
    assertThat(page.evaluate("document.documentElement.scrollWidth"))
        .isEqualTo(page.viewportSize().width);
  }

  @Override
  public void close() {
    context.close();
  }
}
