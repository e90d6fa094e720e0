package io.github.keepalive4j.cli;

import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.internal.process.KillAtExit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Cleans up when a signal ends the command, one step after the other: what runs is stopped first,
 * then the claim is released and the journal closed, and last the output is written.
 */
public final class AtExit {
  private enum Stage {
    STOP,
    RELEASE,
    WRITE
  }

  private static final Map<Stage, Deque<AutoCloseable>> STEPS = new EnumMap<>(Stage.class);
  private static boolean begun; // guarded by the class

  static {
    for (Stage stage : Stage.values()) {
      STEPS.put(stage, new ArrayDeque<>());
    }
    STEPS.get(Stage.STOP).push(KillAtExit::endAll);
  }

  private AtExit() {}

  /** At the JVM's end, stops what runs. It may be closed already. */
  public static void close(AutoCloseable running) {
    add(Stage.STOP, running);
  }

  /**
   * At the JVM's end, stops what runs, and then closes the claims and the journal. Both may be
   * closed already.
   */
  public static void close(AutoCloseable running, AutoCloseable foundation) {
    add(Stage.STOP, running);
    add(Stage.RELEASE, foundation);
  }

  /** At the JVM's end, writes what was told until then. */
  public static void write(Output output) {
    add(Stage.WRITE, output);
  }

  private static void add(Stage stage, AutoCloseable step) {
    if (!isFirst(stage, step)) {
      return;
    }
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(AtExit::run, "at-exit"));
    } catch (IllegalStateException e) {
      // the JVM is ending, and nothing has been started
    }
  }

  private static synchronized boolean isFirst(Stage stage, AutoCloseable step) {
    boolean first = !begun;
    begun = true;
    STEPS.get(stage).push(step);
    return first;
  }

  private static synchronized List<AutoCloseable> steps(Stage stage) {
    return List.copyOf(STEPS.get(stage));
  }

  /** The latest comes first: it may rest on an earlier one. */
  private static void run() {
    for (Stage stage : Stage.values()) {
      steps(stage).forEach(AtExit::take);
    }
  }

  private static void take(AutoCloseable step) {
    try {
      step.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable e) { // such as no thread: the steps after it still count
      System.err.println("keepalive: " + Messages.of(e));
    }
  }
}
