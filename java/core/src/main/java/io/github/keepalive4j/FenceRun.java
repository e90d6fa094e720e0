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
    long startNs = System.nanoTime();
    ProcessFamily family = start();
    Process process = family.head();
    OutputTail tail = new OutputTail(process.getInputStream());
    KillAtExit killAtExit = new KillAtExit(family);
    boolean ended = false;
    try {
      ended = process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } finally {
      killAtExit.cancel();
      if (!ended) {
        family.kill();
      }
    }
    boolean inTime = ended && System.nanoTime() - startNs <= timeout.toNanos();
    if (!inTime || process.exitValue() != 0) {
      throw new ClaimDeclinedException(
          "the fence `"
              + name
              + "` "
              + (inTime
                  ? end(process.exitValue())
                  : "didn't end within " + timeout.toMillis() + " ms")
              + tail.text());
    }
  }

  private ProcessFamily start() throws ClaimDeclinedException {
    try {
      ProcessFamily family = ProcessFamily.start(builder, FenceGuard.COOKIE);
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
