package dev.gambeson.server;

import dev.gambeson.config.ConfigurationFile;
import dev.gambeson.tls.ServingCertificate;
import java.time.Instant;
import java.util.stream.Collectors;

/**
 * Whether reviews should be sent here. Only the server's own end makes it unready: what all
 * replicas share (configuration, certificate) must never take all of them out together, so it shows
 * and no more.
 */
record Readiness(
    boolean draining, ConfigurationFile.State state, ServingCertificate certificate, Instant now) {

  boolean ready() {
    return !draining;
  }

  String brief() {
    return ready() ? "ok\n" : "draining\n";
  }

  String verbose() {
    var configuration = state.configuration();
    boolean valid = now.isBefore(certificate.expiry());
    return (draining ? "[-] draining: told to stop\n" : "[+] serving\n")
        + (configuration.enforce()
            ? "[+] configuration: enforcement is on\n"
            : "[-] configuration: enforcement is switched to warn, nothing is denied\n")
        + (state.failure() == null
            ? "[+] configuration: read at " + state.since() + "\n"
            : "[-] configuration: the file is bad, the one read at "
                + state.since()
                + " stays in force; the log says why\n")
        + ("[+] profiles: "
            + configuration.profiles().keySet().stream().sorted().collect(Collectors.joining(", "))
            + " (default: "
            + configuration.defaultProfile()
            + ")\n")
        + (valid ? "[+] certificate: valid until " : "[-] certificate: expired on ")
        + certificate.expiry()
        + "\n"
        + (ready() ? "ready\n" : "not ready\n");
  }
}
