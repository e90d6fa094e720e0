package io.github.keepalive4j.cli.output;

import java.net.UnknownHostException;

/** Exceptions' messages as text for people. */
public final class Messages {
  private Messages() {}

  public static String of(Throwable e) {
    if (e instanceof UnknownHostException) {
      return "unknown host " + e.getMessage();
    }
    return oneLine(e.getMessage() == null ? e.toString() : e.getMessage());
  }

  public static String oneLine(String message) {
    return message.strip().replaceAll("[:;]?\\s*\\R\\s*", "; ");
  }
}
