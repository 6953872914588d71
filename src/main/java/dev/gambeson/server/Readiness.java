package dev.gambeson.server;

import dev.gambeson.config.LiveConfiguration;
import dev.gambeson.tls.ServingCertificates;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether reviews should be sent here. Before the first time that there is a good configuration and
 * clients are told to trust the certificate they should not; after that only the server's own end,
 * or its own expired certificate, make it unready. What all replicas share must never take all of
 * them out together, so it shows and no more.
 *
 * @param problems what is wrong with where the configuration comes from, a line each
 * @param complete whether a good configuration was known once, and clients told to trust the
 *     certificate
 */
record Readiness(
    boolean draining,
    boolean complete,
    LiveConfiguration.State state,
    ServingCertificates.State certificates,
    List<String> problems,
    Instant now) {

  boolean ready() {
    return !draining && complete && isValid();
  }

  String brief() {
    if (ready()) {
      return "ok\n";
    }
    return draining
        ? "draining\n"
        : isValid()
            ? "no good configuration or certificate not published yet\n"
            : "certificate expired\n";
  }

  String verbose() {
    var configuration = state.configuration();
    var lines = new ArrayList<String>();
    lines.add(draining ? "[-] draining: told to stop" : "[+] serving");
    lines.add(
        configuration.enforce()
            ? "[+] configuration: enforcement is on"
            : "[-] configuration: enforcement is switched to warn, nothing is denied");
    lines.add(
        state.failure() == null
            ? "[+] configuration: read at " + state.since()
            : state.known()
                ? "[-] configuration: what there is now is bad, the one read at "
                    + state.since()
                    + " stays in force; the log says why"
                : "[-] configuration: there is no good one: " + firstLine(state.failure()));
    lines.add(
        "[+] profiles: "
            + configuration.profiles().keySet().stream().sorted().collect(Collectors.joining(", "))
            + " (default: "
            + configuration.defaultProfile()
            + ")");
    lines.add(
        (isValid() ? "[+] certificate: valid until " : "[-] certificate: expired on ")
            + certificates.certificate().expiry());
    lines.add(
        certificates.trusted()
            ? "[+] certificate: clients trust it"
            : "[-] certificate: its CA is not published");
    Stream.concat(problems.stream(), certificates.problems().stream())
        .forEach(problem -> lines.add("[-] " + problem));
    lines.add(ready() ? "ready" : "not ready");
    return String.join("\n", lines) + "\n";
  }

  /** The log has the rest. */
  private static String firstLine(String failure) {
    return failure.lines().findFirst().orElse("");
  }

  private boolean isValid() {
    return now.isBefore(certificates.certificate().expiry());
  }
}
