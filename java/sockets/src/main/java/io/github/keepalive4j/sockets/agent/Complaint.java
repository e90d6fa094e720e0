package io.github.keepalive4j.sockets.agent;

import java.util.Locale;

/** One line on the standard error that says why the agent doesn't run, and what to do. */
final class Complaint {
  private static final String NO_EXEC =
      "; if the folder for JNA's temporary files is mounted noexec, give the JVM"
          + " -Djna.tmpdir=FOLDER with a folder that isn't";
  private static final String NO_NATIVE_ACCESS =
      "; give the JVM --enable-native-access=ALL-UNNAMED";
  private static final String NOT_WRITABLE =
      "; give the JVM -Djna.tmpdir=FOLDER with a folder that is";
  private static final String NOT_GRANTED =
      "; the security manager's policy grants the agent too little";
  private static final String NO_LOGGING = "; give the JVM --add-modules java.logging";

  private Complaint() {}

  static void print(Throwable error, String consequence) {
    System.err.println("keepalive4j-sockets: " + consequence + ": " + reason(error));
  }

  private static String reason(Throwable error) {
    Throwable cause = error instanceof ExceptionInInitializerError ? error.getCause() : error;
    String text = cause instanceof IllegalArgumentException ? cause.getMessage() : cause.toString();
    return text.strip().replaceAll("\\s*\\R\\s*", " ") + advice(cause);
  }

  private static String advice(Throwable cause) {
    String text = cause.toString().toLowerCase(Locale.ROOT);
    if (text.contains("illegalcallerexception")) {
      return NO_NATIVE_ACCESS;
    }
    if (text.contains("java/util/logging")) {
      return NO_LOGGING;
    }
    if (text.contains("accesscontrolexception")) {
      return NOT_GRANTED;
    }
    if (text.contains("writable")) {
      return NOT_WRITABLE;
    }
    return text.contains("failed to map segment") ? NO_EXEC : "";
  }
}
