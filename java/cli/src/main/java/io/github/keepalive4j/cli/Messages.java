package io.github.keepalive4j.cli;

import java.net.UnknownHostException;

/** What exceptions say, for people. */
final class Messages {
  private Messages() {}

  static String of(Throwable e) {
    if (e instanceof UnknownHostException) {
      return "unknown host " + e.getMessage();
    }
    return oneLine(e.getMessage() == null ? e.toString() : e.getMessage());
  }

  static String oneLine(String message) {
    return message.strip().replaceAll("[:;]?\\s*\\R\\s*", "; ");
  }
}
