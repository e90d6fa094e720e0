package io.github.keepalive4j;

import io.github.keepalive4j.internal.ProcessFamily;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One run of a fence's command. */
final class FenceRun {
  private static final int SIGNAL_BASE = 128;

  private final String name;
  private final ProcessBuilder builder;

  FenceRun(List<String> command, String name, Map<String, String> environment) {
    this.name = name;
    builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
  }

  /** Runs the command to its end; throws unless it succeeds in time. */
  void succeedWithin(Duration timeout) throws ClaimDeclinedException, InterruptedException {
    try (KillAtExit killAtExit = new KillAtExit()) {
      long startNs = System.nanoTime();
      ProcessFamily family = start(killAtExit);
      OutputTail tail = new OutputTail(family.head().getInputStream());
      boolean ended = awaitEnd(family, timeout);
      boolean inTime = ended && System.nanoTime() - startNs <= timeout.toNanos();
      if (!inTime || family.head().exitValue() != 0) {
        String end =
            inTime
                ? end(family.head().exitValue())
                : "didn't end within " + timeout.toMillis() + " ms";
        throw new ClaimDeclinedException("the fence `" + name + "` " + end + tail.text());
      }
    }
  }

  /** Tells whether it has ended by itself; if not, nothing is left of it. */
  private static boolean awaitEnd(ProcessFamily family, Duration timeout)
      throws InterruptedException {
    boolean ended = false;
    try {
      ended = family.head().waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS);
      return ended;
    } finally {
      if (!ended) {
        family.kill();
      }
    }
  }

  private ProcessFamily start(KillAtExit killAtExit) throws ClaimDeclinedException {
    try {
      ProcessFamily family = killAtExit.start(builder);
      family.head().getOutputStream().close();
      return family;
    } catch (IOException e) {
      throw new ClaimDeclinedException(
          "the fence `" + name + "` can't be started: " + e.getMessage(), e);
    }
  }

  private static String end(int status) {
    return status > SIGNAL_BASE
        ? "exited with " + status + ", as by signal " + (status - SIGNAL_BASE)
        : "exited with " + status;
  }
}
