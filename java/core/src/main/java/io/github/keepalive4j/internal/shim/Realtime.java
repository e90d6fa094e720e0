package io.github.keepalive4j.internal.shim;

import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.internal.Errno;
import io.github.keepalive4j.internal.SafeLogger;
import java.io.IOException;

/** Threads under SCHED_FIFO, which the shim's watchdog makes normal if they spin. */
final class Realtime {
  private static final System.Logger LOGGER = SafeLogger.get();

  /** The watchdog runs at two above the priority, and at 99 at most. */
  private static final int WATCHDOG_ABOVE = 2;

  private static final int MAX_PRIORITY = 99;

  private static final int SCHEDULING = 2; // of enum ka_realtime_step
  private static final int MEMORY = 3;
  private static final int CPU_TIME = 4;

  private final int priority;
  private int demotions; // on the polling thread only: those that have been reported
  private int refusals; // likewise

  private Realtime(int priority) {
    this.priority = priority;
    demotions = Shim.ka_realtime_demotions();
    refusals = Shim.ka_realtime_refusals();
  }

  /**
   * Makes a monitor real-time.
   *
   * @throws IOException without the privilege; the message says what is missing
   */
  static Realtime of(long monitor, int priority) throws IOException {
    int[] failed = new int[1];
    int result = Shim.ka_monitor_realtime(monitor, priority, failed);
    if (result < 0) {
      throw new KeepaliveException(refusal(priority, failed[0]), -result);
    }
    return new Realtime(priority);
  }

  private static String refusal(int priority, int failed) {
    return switch (failed) {
      case SCHEDULING ->
          "real-time priority "
              + priority
              + " takes CAP_SYS_NICE, or RLIMIT_RTPRIO (LimitRTPRIO=, ulimit -r) of "
              + Math.min(priority + WATCHDOG_ABOVE, MAX_PRIORITY)
              + " or more; and cpu.rt_runtime_us of this process's cgroup, where there is one";
      case MEMORY ->
          "real time takes CAP_IPC_LOCK, or RLIMIT_MEMLOCK (LimitMEMLOCK=, ulimit -l) of 64 MiB or"
              + " more to lock code and stacks in memory";
      case CPU_TIME ->
          "real time takes RLIMIT_RTTIME (LimitRTTIME=, ulimit -R) of 2 s or more, or none, because at"
              + " that limit the kernel ends the process";
      default -> "real-time priority " + priority + ": starting the watchdog's thread";
    };
  }

  /** Makes the calling thread real-time. Returns whether {@link #leave} has to follow. */
  boolean enter() {
    int result = Shim.ka_realtime_enter(priority);
    if (result < 0) { // a limit was lowered meanwhile
      LOGGER.log(
          System.Logger.Level.WARNING,
          Thread.currentThread().getName()
              + " isn't a real-time thread: "
              + Errno.describe(-result));
      return false;
    }
    ShimLibrary.acquireAnother();
    return true;
  }

  void leave() {
    Shim.ka_realtime_leave();
    ShimLibrary.release();
  }

  /** Warns of threads that have lost real time since the last call, or didn't get it. */
  void reportLosses() {
    reportDemotions();
    reportRefusals();
  }

  private void reportRefusals() {
    int now = Shim.ka_realtime_refusals();
    if (now != refusals) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "a detector of links with probes isn't a real-time thread: a privilege or limit that it"
              + " takes has gone");
      refusals = now;
    }
  }

  private void reportDemotions() {
    int now = Shim.ka_realtime_demotions();
    if (now != demotions) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "a real-time thread used more than half a CPU for a second and runs as a normal one now; chrt -a -p "
              + ProcessHandle.current().pid()
              + " shows which");
      demotions = now;
    }
  }
}
