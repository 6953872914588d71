package dev.gambeson.tls;

/** A TLS server cannot use some files; the message says in one line which, and why. */
public final class TlsException extends Exception {
  private static final long serialVersionUID = 1;

  TlsException(String message) {
    super(message);
  }
}
