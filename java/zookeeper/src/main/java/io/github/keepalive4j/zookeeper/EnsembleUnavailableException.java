package io.github.keepalive4j.zookeeper;

/** The ensemble gave no answer in time, or one from which its state can't be told. */
final class EnsembleUnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  EnsembleUnavailableException(String reason) {
    super(reason);
  }
}
