package dev.gambeson.server;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which sites a browser may be at when it asks this server: the names of this machine, and where a
 * proxy has the server.
 *
 * @param origin of the proxy, {@code https://gambeson.example.com} for example; null without one
 */
record SiteAccess(@Nullable URI origin) {
  private static final Pattern THIS_MACHINE =
      Pattern.compile("(localhost|127\\.0\\.0\\.1|\\[::1\\])(:[0-9]{1,5})?");

  /** Why a request is refused; empty where it is not. */
  Optional<String> refusal(@Nullable String host, @Nullable String asking) {
    var name = host == null ? "" : host.toLowerCase(Locale.ROOT);
    boolean direct = THIS_MACHINE.matcher(name).matches();
    if (!direct && !(origin != null && name.equals(authority()))) {
      return Optional.of(
          "the playground answers as localhost; behind a proxy, --origin names the proxy's address");
    }
    if (asking == null
        || (direct && asking.equals("http://" + name))
        || (origin != null && asking.equals(origin.getScheme() + "://" + authority()))) {
      return Optional.empty();
    }
    return Optional.of("a page of another site may not ask this server");
  }

  private String authority() {
    return origin == null ? "" : origin.getRawAuthority().toLowerCase(Locale.ROOT);
  }
}
