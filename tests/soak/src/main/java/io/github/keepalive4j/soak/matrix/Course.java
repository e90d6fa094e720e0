package io.github.keepalive4j.soak.matrix;

import java.time.Duration;

/** What becomes of a row's faults, and whether the backup asks for a second opinion. */
enum Course {
  /** The faults stay active to the end. */
  HELD,
  /** The faults are undone as soon as the links are suspected. */
  UNDONE,
  /** As {@link #HELD}; the backup confirms a failure before it counts. */
  CONFIRMED,
  /** As {@link #CONFIRMED}; the source's process is started again after the fault. */
  RESTARTED;

  /** For how long a backup tries a source again: longer than a JVM takes to start. */
  static final Duration CONFIRM = Duration.ofSeconds(10);

  boolean isConfirming() {
    return this == CONFIRMED || this == RESTARTED;
  }
}
