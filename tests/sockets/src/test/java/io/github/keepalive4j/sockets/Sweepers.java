package io.github.keepalive4j.sockets;

import java.util.List;

/** The threads of the sweepers that are open. */
final class Sweepers {
  private Sweepers() {}

  /** Returns the threads that sweep, without those that call listeners. */
  static List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().matches("keepalive-sweeper-\\d+"))
        .toList();
  }
}
