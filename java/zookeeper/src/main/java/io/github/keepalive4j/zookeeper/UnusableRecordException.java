package io.github.keepalive4j.zookeeper;

/** The record's data isn't what a guard writes, or there is no place for a record. */
final class UnusableRecordException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnusableRecordException(String message) {
    super(message);
  }
}
