package io.github.keepalive4j.qemu;

import java.util.Set;

/** The answer to {@code query-status}. */
record RunStatus(boolean running, String status) {

  static final QmpCommand QUERY = QmpCommand.of("query-status");

  /** The states from which a machine does not start to run by itself, however long one waits. */
  private static final Set<String> DEAD_ENDS =
      Set.of("shutdown", "internal-error", "io-error", "guest-panicked", "watchdog");

  static RunStatus of(QmpValue answer) {
    return new RunStatus(
        answer.path("running").asBoolean(false), answer.path("status").asText("unknown"));
  }

  boolean isDeadEnd() {
    return DEAD_ENDS.contains(status);
  }

  @Override
  public String toString() {
    return status;
  }
}
