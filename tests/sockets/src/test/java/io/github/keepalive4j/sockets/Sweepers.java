package io.github.keepalive4j.sockets;

import java.lang.management.ManagementFactory;
import java.util.List;

/** The threads of the sweepers that are open. */
public final class Sweepers {
  /** Matches their names, and not those of the threads that call listeners. */
  public static final String THREAD = "keepalive-sweeper-\\d+";

  private Sweepers() {}

  /** Returns those of this JVM. */
  static List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().matches(THREAD))
        .toList();
  }

  /** Returns how much of a processor's time a thread of this JVM has taken. */
  static long cpuNs(Thread thread) {
    return ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.getId());
  }
}
