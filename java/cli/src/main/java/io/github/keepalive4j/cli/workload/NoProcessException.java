package io.github.keepalive4j.cli.workload;

/** A pid file names no process that runs. The message says why. */
final class NoProcessException extends Exception {
  private static final long serialVersionUID = 1;

  NoProcessException(String message) {
    super(message);
  }
}
