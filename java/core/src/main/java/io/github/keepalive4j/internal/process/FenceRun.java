package io.github.keepalive4j.internal.process;

import io.github.keepalive4j.ClaimDeclinedException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One run of a fence's command. */
public final class FenceRun {
  private static final int SIGNAL_BASE = 128;

  private final String name;
  private final String variable;
  private final ProcessBuilder builder;

  /** Makes a run whose processes are found by the value of a variable in their environment. */
  public FenceRun(
      List<String> command, String name, Map<String, String> environment, String variable) {
    this.name = name;
    this.variable = variable;
    builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
  }

  /**
   * Runs the command to its end; throws unless it succeeds in time. One that is called off before
   * it starts isn't started.
   */
  public void succeedWithin(Duration timeout) throws ClaimDeclinedException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("the fence `" + name + "` was called off");
    }
    try (KillAtExit killAtExit = new KillAtExit()) {
      long startNs = System.nanoTime();
      ProcessTree tree = start(killAtExit);
      OutputTail tail = tailOf(tree);
      boolean ended = awaitEnd(tree, timeout);
      boolean inTime = ended && System.nanoTime() - startNs <= timeout.toNanos();
      if (!inTime || tree.head().exitValue() != 0) {
        String end =
            inTime
                ? end(tree.head().exitValue())
                : "didn't end within " + timeout.toMillis() + " ms";
        throw new ClaimDeclinedException("the fence `" + name + "` " + end + tail.text());
      }
    }
  }

  /** A command whose output nobody can read, for lack of a thread, is killed: it would hang. */
  private static OutputTail tailOf(ProcessTree tree) {
    OutputTail tail = null;
    try {
      tail = new OutputTail(tree.head().getInputStream());
      return tail;
    } finally {
      if (tail == null) {
        tree.kill();
      }
    }
  }

  /** Tells whether it has ended by itself; if not, kills it and all that it started. */
  private static boolean awaitEnd(ProcessTree tree, Duration timeout) throws InterruptedException {
    boolean ended = false;
    try {
      ended = tree.head().waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS);
      return ended;
    } finally {
      if (!ended) {
        tree.kill();
      }
    }
  }

  private ProcessTree start(KillAtExit killAtExit) throws ClaimDeclinedException {
    try {
      ProcessTree tree = killAtExit.start(builder, variable);
      tree.head().getOutputStream().close();
      return tree;
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
