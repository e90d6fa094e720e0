package io.github.keepalive4j.zookeeper;

/** The ensemble gave no answer, or none that says what it did. */
final class EnsembleUnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  EnsembleUnavailableException(String reason) {
    super(reason);
  }
}
