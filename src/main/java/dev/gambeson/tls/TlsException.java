package dev.gambeson.tls;

/** Files from which no TLS server can be started; the message says in one line which and why. */
public final class TlsException extends Exception {
  private static final long serialVersionUID = 1;

  TlsException(String message) {
    super(message);
  }
}
