package dev.gambeson.server;

import dev.gambeson.config.LiveConfiguration;
import dev.gambeson.tls.ServingCertificates;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether reviews should be sent to this server. It becomes ready once it is warm, has a good
 * configuration, and clients are told to trust its certificate. After that only a shutdown or an
 * expired certificate make it unready. Problems that all replicas share are shown, but must not
 * make all replicas unready together.
 *
 * @param warm whether the JVM has compiled what a review runs through
 * @param problems what is wrong with the configuration's source, a line each
 * @param complete whether there was a good configuration once, and clients were told to trust the
 *     certificate
 */
record Readiness(
    boolean draining,
    boolean warm,
    boolean complete,
    LiveConfiguration.State state,
    ServingCertificates.State certificates,
    List<String> problems,
    Instant now) {

  boolean ready() {
    return !draining && warm && complete && isValid();
  }

  String brief() {
    if (ready()) {
      return "ok\n";
    }
    if (draining) {
      return "draining\n";
    }
    if (!isValid()) {
      return "certificate expired\n";
    }
    return complete ? "warming up\n" : "no good configuration or certificate not published yet\n";
  }

  String verbose() {
    var configuration = state.configuration();
    var lines = new ArrayList<String>();
    lines.add(draining ? "[-] draining: told to stop" : "[+] serving");
    if (!warm) {
      lines.add("[-] warming up");
    }
    lines.add(
        configuration.enforce()
            ? "[+] configuration: enforcement is on"
            : "[-] configuration: enforcement is switched to warn, nothing is denied");
    lines.add(
        state.failure() == null
            ? "[+] configuration: read at " + state.since()
            : state.known()
                ? "[-] configuration: the present one is not valid, the one read at "
                    + state.since()
                    + " stays in force; the log says why"
                : "[-] configuration: there is no valid one: " + firstLine(state.failure()));
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

  /** The log contains the others. */
  private static String firstLine(String failure) {
    return failure.lines().findFirst().orElse("");
  }

  private boolean isValid() {
    return now.isBefore(certificates.certificate().expiry());
  }
}
