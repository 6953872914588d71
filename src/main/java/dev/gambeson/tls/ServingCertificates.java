package dev.gambeson.tls;

import java.util.List;
import java.util.function.Consumer;

/** Where the certificate of the server comes from, now and later. */
public interface ServingCertificates {

  /**
   * What there is now.
   *
   * @param trusted whether clients were told to trust it
   * @param problems what is wrong with where it comes from, a line each, for whoever looks
   */
  record State(ServingCertificate certificate, boolean trusted, List<String> problems) {
    public State {
      problems = List.copyOf(problems);
    }
  }

  State state();

  /** Tells each certificate that takes the place of the one before, from now on. */
  void onChange(Consumer<ServingCertificate> listener);

  /** A certificate that stays. */
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
