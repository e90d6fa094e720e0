package io.github.keepalive4j.qemu;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Executes a rescue on a thread of its own while a command is unanswered: after 200 ms, and every
 * 200 ms from then on. A main loop that hangs can so be freed from outside.
 */
final class SilenceAlarm implements AutoCloseable {

  private static final long PATIENCE_MS = 200;

  private final Rescue rescue;
  private final TakeoverRun run;
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, SilenceAlarm::thread);
  private final boolean hasThread;
  private @Nullable Future<?> pending;

  /** What frees a QEMU that does not answer. */
  interface Rescue {
    void run(TakeoverRun run) throws TakeoverException, InterruptedException;
  }

  SilenceAlarm(Rescue rescue, TakeoverRun run) {
    this.rescue = rescue;
    this.run = run;
    timer.setRemoveOnCancelPolicy(true);
    hasThread = startThread();
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "qmp rescue");
    thread.setDaemon(true);
    return thread;
  }

  /** A takeover goes on without the alarm if this machine has no thread left for it. */
  private boolean startThread() {
    try {
      return timer.prestartCoreThread();
    } catch (OutOfMemoryError e) {
      return false;
    }
  }

  void commandBegins() {
    if (hasThread) {
      pending =
          timer.scheduleWithFixedDelay(this::ring, PATIENCE_MS, PATIENCE_MS, TimeUnit.MILLISECONDS);
    }
  }

  void commandEnds() {
    if (pending != null) {
      pending.cancel(false);
    }
  }

  private void ring() {
    try {
      rescue.run(run);
    } catch (TakeoverException e) {
      // it is in the record, and the command that waits for its answer fails by itself
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
