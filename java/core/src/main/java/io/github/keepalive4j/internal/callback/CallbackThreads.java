package io.github.keepalive4j.internal.callback;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A thread pool in which each worker passes the queue on before it runs its task, so a blocked task
 * delays no other. The caller starts at most one thread, however many tasks it brings. A thread
 * without a task for 10 s ends. After a shutdown a task runs on its caller's thread.
 */
public final class CallbackThreads implements Executor {
  private static final long IDLE_MS = TimeUnit.SECONDS.toMillis(10);

  private final String name;
  private final AtomicInteger number = new AtomicInteger();
  private final Queue<Runnable> tasks = new ArrayDeque<>(); // guarded by this, as are the next two
  private int free; // threads that wait for a task or are about to take one
  private boolean closed;

  public CallbackThreads(String name) {
    this.name = name;
  }

  @Override
  public void execute(Runnable task) {
    boolean accepted;
    synchronized (this) {
      accepted = !closed;
      if (accepted) {
        tasks.add(task);
        if (free > 0) {
          notify();
          return;
        }
        free++;
      }
    }
    if (accepted) {
      startFor(task);
    } else {
      task.run();
    }
  }

  /** Lets the queued tasks run; no thread waits for more. */
  public synchronized void shutdown() {
    closed = true;
    notifyAll();
  }

  private void startFor(Runnable task) {
    try {
      start();
    } catch (Throwable e) {
      if (withdraw(task)) {
        throw e;
      }
    }
  }

  /** Returns false if a thread that became free meanwhile has taken the task. */
  private synchronized boolean withdraw(Runnable task) {
    free--;
    return tasks.remove(task);
  }

  private void start() {
    new Thread(this::work, name + "-" + number.incrementAndGet()).start();
  }

  private void work() {
    Runnable task = next();
    while (task != null) {
      task.run();
      synchronized (this) {
        free++;
      }
      task = next();
    }
  }

  /** Returns the next task after passing the queue on, or null if there is nothing to do. */
  private Runnable next() {
    Runnable task;
    synchronized (this) {
      task = await();
      free--;
      if (tasks.isEmpty() || free > 0) {
        return task;
      }
      free++;
    }
    startSuccessor();
    return task;
  }

  private void startSuccessor() {
    try {
      start();
    } catch (Throwable e) { // no thread available: the queue waits for this one
      synchronized (this) {
        free--;
      }
    }
  }

  private synchronized Runnable await() {
    long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(IDLE_MS);
    long leftMs = IDLE_MS;
    while (tasks.isEmpty() && !closed && leftMs > 0) {
      try {
        wait(leftMs);
      } catch (InterruptedException e) {
        // left behind by a callback, without meaning here
      }
      leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
    }
    return tasks.poll();
  }
}
