package io.github.keepalive4j.internal.callback;

import io.github.keepalive4j.internal.JvmExit;
import java.util.IdentityHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Knows which threads are in calls to the application, for whoever waits for their end. */
public final class RunningCalls {
  /** How often whoever waits looks whether the JVM ends. */
  private static final long LOOK_MS = 100;

  /** How deep each is in calls; guarded by this. */
  private final IdentityHashMap<Thread, Integer> depths = new IdentityHashMap<>();

  /** Comes before the question whether the call may begin. */
  public synchronized void begin() {
    depths.merge(Thread.currentThread(), 1, Integer::sum);
  }

  /** Comes on the thread of {@link #begin}. */
  public synchronized void end() {
    Thread current = Thread.currentThread();
    int depth = depths.remove(current) - 1;
    if (depth > 0) {
      depths.put(current, depth);
    } else {
      notifyAll();
    }
  }

  /** Returns an executor whose tasks count as calls. */
  public Executor counting(Executor executor) {
    return task -> executor.execute(() -> run(task));
  }

  /** Runs a task that counts as a call. */
  public void run(Runnable task) {
    begin();
    try {
      task.run();
    } finally {
      end();
    }
  }

  /** Waits until only the caller is in a call. Returns false if the time runs out before. */
  public synchronized boolean await(long timeoutNs) throws InterruptedException {
    long startNs = System.nanoTime();
    while (isAnotherIn()) {
      long leftNs = timeoutNs - (System.nanoTime() - startNs);
      if (leftNs <= 0) {
        return false;
      }
      wait(Math.min(LOOK_MS, TimeUnit.NANOSECONDS.toMillis(leftNs) + 1));
    }
    return true;
  }

  private boolean isAnotherIn() {
    return depths.keySet().stream().anyMatch(RunningCalls::isAnother);
  }

  /** A call that ends the JVM never returns: it waits for the hooks, of which one may be this. */
  private static boolean isAnother(Thread thread) {
    return thread != Thread.currentThread() && !JvmExit.isCalledBy(thread);
  }
}
