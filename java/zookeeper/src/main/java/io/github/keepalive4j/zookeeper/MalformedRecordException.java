package io.github.keepalive4j.zookeeper;

/** The record's data isn't what a guard writes. */
final class MalformedRecordException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MalformedRecordException(String message) {
    super(message);
  }
}
