package io.github.keepalive4j.internal.journal;

import java.io.IOException;
import java.util.function.Consumer;

/** A line on its way to the disk. Guarded by its writer, but for what never changes. */
final class JournalLine {
  private final String event;
  private final long seq;
  private final String text;
  private final long addedNs;
  private final Consumer<IOException> errorHandler;
  private boolean over;
  private IOException error; // null for none
  private boolean awaited = true; // by the thread that added it, which then reports the error

  JournalLine(
      String event, long seq, String text, long addedNs, Consumer<IOException> errorHandler) {
    this.event = event;
    this.seq = seq;
    this.text = text;
    this.addedNs = addedNs;
    this.errorHandler = errorHandler;
  }

  String event() {
    return event;
  }

  long seq() {
    return seq;
  }

  String text() {
    return text;
  }

  /** Tells whether the line has waited for the disk for longer than that. */
  boolean isOlderThan(long limitNs) {
    return System.nanoTime() - addedNs > limitNs;
  }

  long addedNs() {
    return addedNs;
  }

  /** Tells whether the line is on the disk, or can't be written. */
  boolean isOver() {
    return over;
  }

  void end(IOException failure) {
    over = true;
    error = failure;
  }

  /** Returns why the line can't be written, or null. */
  IOException error() {
    return error;
  }

  boolean isAwaited() {
    return awaited;
  }

  void leave() {
    awaited = false;
  }

  Consumer<IOException> errorHandler() {
    return errorHandler;
  }
}
