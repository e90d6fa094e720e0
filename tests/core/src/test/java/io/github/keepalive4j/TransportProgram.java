package io.github.keepalive4j;

import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.LogRecords;

/**
 * Says which transport is taken in a process of its own, why not the shim, and what is a warning.
 */
final class TransportProgram {
  private TransportProgram() {}

  public static void main(String[] args) throws Exception {
    System.out.println(
        Transport.NATIVE.unavailabilityCause().map(TransportProgram::oneLine).orElse("available"));
    try (LogRecords log = LogRecords.of(Transport.class)) {
      System.out.println(Transport.selected());
      Eventually.await("the end of the log's thread", TransportProgram::isAllLogged);
      System.out.println(Transport.selected() + " " + oneLine(log.warnings()));
    } catch (IllegalStateException e) {
      System.out.println(oneLine(e));
    }
  }

  private static boolean isAllLogged() {
    return Thread.getAllStackTraces().keySet().stream()
        .noneMatch(thread -> thread.getName().equals("keepalive-log"));
  }

  private static String oneLine(Object error) {
    return error.toString().replace('\n', ' ');
  }
}
