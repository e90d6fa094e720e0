package io.github.keepalive4j.internal.process;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A process and all that it starts, including those whose parent has ended. They inherit a mark in
 * the environment, by which they are found, and a control group where there is one.
 */
public final class ProcessTree {
  private static final int MAX_SWEEPS = 50;
  private static final long SWEEP_MS = 20;

  private final Process head;
  private final String mark;
  private final Cgroup cgroup; // null for none

  private ProcessTree(Process head, String mark, Cgroup cgroup) {
    this.head = head;
    this.mark = mark;
    this.cgroup = cgroup;
  }

  /** Starts a command, with a random value of the variable as the mark. */
  public static ProcessTree start(ProcessBuilder builder, String variable) throws IOException {
    return start(builder, variable, UUID.randomUUID().toString(), null);
  }

  /**
   * Starts a command with a mark.
   *
   * @param cgroup the group that the command moves itself to; null for none
   */
  public static ProcessTree start(
      ProcessBuilder builder, String variable, String value, Cgroup cgroup) throws IOException {
    builder.environment().put(variable, value);
    String mark = variable + "=" + value;
    return new ProcessTree(launch(builder, mark), mark, cgroup);
  }

  private static Process launch(ProcessBuilder builder, String mark) throws IOException {
    try {
      return builder.start();
    } catch (OutOfMemoryError e) { // it runs, but there is no thread that would hear of its end
      EnvironmentSweep.find(mark).forEach(ProcessHandle::destroyForcibly);
      throw e;
    }
  }

  /** Returns the process that was started first. */
  public Process head() {
    return head;
  }

  /** Asks all to end, and kills those that haven't within the grace time. */
  public void terminate(Duration grace) {
    long deadlineNs = System.nanoTime() + grace.toNanos();
    List<ProcessHandle> alive = members();
    alive.forEach(ProcessHandle::destroy);
    while (!alive.isEmpty() && System.nanoTime() - deadlineNs < 0) {
      awaitEnd(alive);
      alive = members();
    }
    kill();
  }

  /** Kills until nothing is left: a process may fork while it is being killed. */
  public void kill() {
    List<ProcessHandle> alive = members();
    for (int sweep = 0; sweep < MAX_SWEEPS && !alive.isEmpty(); sweep++) {
      if (cgroup != null) {
        cgroup.kill();
      }
      alive.forEach(ProcessHandle::destroyForcibly);
      awaitEnd(alive);
      alive = members();
    }
    if (cgroup != null) {
      cgroup.remove();
    }
  }

  private static void awaitEnd(List<ProcessHandle> processes) {
    try {
      CompletableFuture.allOf(
              processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new))
          .completeOnTimeout(null, SWEEP_MS, TimeUnit.MILLISECONDS)
          .join();
    } catch (CompletionException | OutOfMemoryError e) { // no thread that would hear of an end
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  /**
   * The head's descendants are found by their parents too, because a process can drop the mark. The
   * head comes first, so that a shell has no time to report a child's end.
   */
  private List<ProcessHandle> members() {
    Stream<ProcessHandle> tree = Stream.concat(Stream.of(head.toHandle()), head.descendants());
    Stream<ProcessHandle> found =
        Stream.concat(tree.filter(ProcessHandle::isAlive), EnvironmentSweep.find(mark).stream());
    List<ProcessHandle> grouped = cgroup == null ? List.of() : cgroup.members();
    return Stream.concat(found, grouped.stream()).distinct().toList();
  }
}
