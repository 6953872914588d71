package dev.gambeson.cli;

/** A command cannot do its work, for a reason that its user can understand and fix. */
final class CommandFailure extends RuntimeException {
  CommandFailure(String message) {
    super(message);
  }
}
