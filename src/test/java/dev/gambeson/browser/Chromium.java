package dev.gambeson.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The browser that is installed on this machine, without a window. */
public final class Chromium implements AutoCloseable {
  private static final String COMMAND = "chromium";

  /** In milliseconds; on a busy machine, even a small page takes long. */
  private static final double PATIENCE = 60_000;

  private final Playwright playwright;
  private final Browser browser;

  static {
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE);
  }

  Chromium(Path command) {
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser = playwright.chromium().launch(new LaunchOptions().setExecutablePath(command));
  }

  /** Empty where it is not installed. */
  static Optional<Path> installed() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder, COMMAND))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** A new page of a new user, who prefers these colours, in a window of that many pixels. */
  public WatchedPage page(ColorScheme colours, int width, int height) {
    var context =
        browser.newContext(
            new Browser.NewContextOptions().setColorScheme(colours).setViewportSize(width, height));
    context.setDefaultTimeout(PATIENCE);
    return new WatchedPage(context);
  }

  @Override
  public void close() {
    playwright.close();
  }
}
