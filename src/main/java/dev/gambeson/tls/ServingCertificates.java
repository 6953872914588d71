package dev.gambeson.tls;

import java.util.List;
import java.util.function.Consumer;

/** The source of the server's certificate, which may change. */
public interface ServingCertificates {

  /**
   * The present certificate.
   *
   * @param trusted whether clients were told to trust it
   * @param problems what is wrong with the source, a line each
   */
  record State(ServingCertificate certificate, boolean trusted, List<String> problems) {
    public State {
      problems = List.copyOf(problems);
    }
  }

  State state();

  /** Notifies the listener of later certificates. */
  void onChange(Consumer<ServingCertificate> listener);

  /** A certificate that never changes. */
  static ServingCertificates of(ServingCertificate certificate) {
    var state = new State(certificate, true, List.of());
    return new ServingCertificates() {
      @Override
      public State state() {
        return state;
      }

      @Override
      public void onChange(Consumer<ServingCertificate> listener) {}
    };
  }
}
