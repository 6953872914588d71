package dev.gambeson.cli;

import dev.gambeson.tls.CertificateAuthority;
import dev.gambeson.tls.TlsDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bouncycastle.util.IPAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "certs",
    description = {
      "Makes a CA and a serving certificate: writes tls.crt, tls.key and ca.crt, for serve --tls-dir and for a Secret."
          + " The key of the CA is thrown away: what it has signed is all it ever signs."
    },
    exitCodeListHeading = "",
    exitCodeList = {"0:the files are written", "1:they could not be", "2:bad usage"},
    footer = {
      "  For the webhook of a Service gambeson in the namespace gambeson-system:",
      "      gambeson certs --out certs --dns gambeson.gambeson-system.svc"
    })
final class CertsCommand implements Callable<Integer> {
  private static final Pattern DNS_NAME =
      Pattern.compile(
          "(\\*\\.)?([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)*[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");

  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "certs",
      description = "The folder to write to (default: ${DEFAULT-VALUE}).")
  Path out = Path.of("");

  @Option(
      names = "--dns",
      paramLabel = "NAME",
      required = true,
      description =
          "A name or an IP address by which clients call the server; may be given several times.")
  List<String> names = List.of();

  @Option(
      names = "--days",
      paramLabel = "N",
      defaultValue = "365",
      description = "How long the certificates are valid (default: ${DEFAULT-VALUE} days).")
  int days;

  @Option(names = "--force", description = "Overwrite files that are there already.")
  boolean force;

  @Override
  public Integer call() {
    requireNames();
    if (days < 1 || days > 36_500) {
      throw new ParameterException(
          spec.commandLine(), "--days is " + days + ": give a number from 1 to 36500");
    }
    var directory = new TlsDirectory(out);
    var present = directory.present();
    if (!present.isEmpty() && !force) {
      return fail(
          present.stream().map(Path::toString).collect(Collectors.joining(", "))
              + (present.size() == 1 ? " is" : " are")
              + " there already: --force overwrites");
    }
    var life = Duration.ofDays(days);
    var certificate =
        new CertificateAuthority(life, InstantSource.system()).issue(List.copyOf(names), life);
    try {
      directory.write(certificate);
    } catch (IOException e) {
      return fail("cannot write to " + out + ": " + e);
    }
    spec.commandLine().getOut().print(whatNext(certificate.expiry().toString()));
    spec.commandLine().getOut().flush();
    return ExitCodes.FINE;
  }

  private void requireNames() {
    for (var name : names) {
      if (!IPAddress.isValid(name) && !DNS_NAME.matcher(name).matches()) {
        throw new ParameterException(
            spec.commandLine(), "\"" + name + "\" is neither a DNS name nor an IP address");
      }
    }
  }

  private int fail(String message) {
    spec.commandLine().getErr().println("gambeson: " + message);
    return ExitCodes.FAILED;
  }

  private String whatNext(String expiry) {
    return """
    Wrote tls.crt, tls.key and ca.crt to %1$s: for %2$s, valid until %3$s.

    Serve with them:
        gambeson serve --tls-dir %1$s
    Give them to a cluster:
        kubectl create secret generic gambeson-tls --type=kubernetes.io/tls \\
          --from-file=%1$s/tls.crt --from-file=%1$s/tls.key --from-file=%1$s/ca.crt
    The caBundle of the webhook configuration:
        base64 -w0 %1$s/ca.crt
    """
        .formatted(out, String.join(", ", names), expiry);
  }
}
