package io.github.keepalive4j.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A fault in force. Closing it undoes it and leaves other faults as they are, in whatever order
 * they are closed.
 *
 * <p>It took effect at some instant between {@link #startedNs} and {@link #effectiveNs}.
 */
public final class Fault implements AutoCloseable {
  private final String description;
  private final long startedNs;
  private final long effectiveNs;
  private final Step undo;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Fault(String description, long startedNs, long effectiveNs, Step undo) {
    this.description = description;
    this.startedNs = startedNs;
    this.effectiveNs = effectiveNs;
    this.undo = undo;
  }

  static Fault inflict(String description, Step inflict, Step undo) throws IOException {
    long startedNs = System.nanoTime();
    try {
      inflict.run();
    } catch (IOException e) {
      undoPartial(undo, e);
      throw e;
    }
    return new Fault(description, startedNs, System.nanoTime(), undo);
  }

  private static void undoPartial(Step undo, IOException cause) {
    try {
      undo.run();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /**
   * Returns a time at which the fault had not begun yet.
   *
   * @return the time just before it was inflicted, on {@link System#nanoTime}'s clock
   */
  public long startedNs() {
    return startedNs;
  }

  /**
   * Returns a time from which on the fault was in force.
   *
   * @return the time just after it was inflicted, on {@link System#nanoTime}'s clock
   */
  public long effectiveNs() {
    return effectiveNs;
  }

  /**
   * Undoes the fault. Does nothing when it has been undone, or its lab is closed.
   *
   * @throws UncheckedIOException if it cannot be undone
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        undo.run();
      } catch (IOException e) {
        throw new UncheckedIOException(description + " cannot be undone: " + e.getMessage(), e);
      }
    }
  }

  @Override
  public String toString() {
    return description;
  }
}
