package io.github.keepalive4j.cli;

import io.github.keepalive4j.cli.output.Messages;

/** Cleans up when a signal ends the command. */
public final class AtExit {
  private AtExit() {}

  public static void close(AutoCloseable only) {
    close(only, null);
  }

  /**
   * At the JVM's end, closes a resource and then the one it depends on. Both may be closed already.
   */
  public static void close(AutoCloseable first, AutoCloseable foundation) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> closeAll(first, foundation), "at-exit"));
  }

  private static void closeAll(AutoCloseable first, AutoCloseable foundation) {
    try (foundation;
        first) {
      // both are closed, whatever the first throws
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      System.err.println("keepalive: " + Messages.of(e));
    }
  }
}
