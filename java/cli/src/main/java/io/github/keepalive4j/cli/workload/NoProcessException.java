package io.github.keepalive4j.cli.workload;

/** A pid file names no process that runs. The message says why. */
final class NoProcessException extends Exception {
  private static final long serialVersionUID = 1;

  private final boolean usageError;

  NoProcessException(String message) {
    this(message, false);
  }

  private NoProcessException(String message, boolean usageError) {
    super(message);
    this.usageError = usageError;
  }

  /** Makes one for a file that can't become right by waiting. */
  static NoProcessException ofUsage(String message) {
    return new NoProcessException(message, true);
  }

  boolean isUsageError() {
    return usageError;
  }
}
