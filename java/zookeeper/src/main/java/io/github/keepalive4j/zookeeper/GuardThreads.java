package io.github.keepalive4j.zookeeper;

import io.github.keepalive4j.internal.SafeLogger;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of one guard, all of them daemons. */
final class GuardThreads {
  private static final System.Logger LOGGER = SafeLogger.of(GuardThreads.class);

  private final ScheduledThreadPoolExecutor timer; // for what doesn't block
  private final ExecutorService blocking;

  GuardThreads(String namePrefix) {
    AtomicInteger number = new AtomicInteger();
    ThreadFactory daemons =
        task -> {
          Thread thread = new Thread(task, namePrefix + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        };
    timer = new ScheduledThreadPoolExecutor(1, daemons);
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    blocking = Executors.newCachedThreadPool(daemons);
  }

  /** Runs a task that may block. */
  void runBlocking(Runnable task) {
    blocking.execute(task);
  }

  /** Runs a task that doesn't block, again and again, also after it has failed. */
  Future<?> every(Duration period, Runnable task) {
    long periodNs = period.toNanos();
    return timer.scheduleWithFixedDelay(() -> run(task), periodNs, periodNs, TimeUnit.NANOSECONDS);
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) { // such as no thread for what may block: there may be one next time
      LOGGER.log(System.Logger.Level.WARNING, "a claim's look at its lease failed", e);
    }
  }

  /** Runs a task that doesn't block once, unless the timer has been stopped. */
  void after(Duration delay, Runnable task) {
    if (!timer.isShutdown()) {
      Future<?> unused = timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  void stopTimer() {
    timer.shutdown();
  }

  /** Lets the tasks that may block end, and takes no more of them. */
  void stopBlocking() {
    blocking.shutdown();
  }
}
