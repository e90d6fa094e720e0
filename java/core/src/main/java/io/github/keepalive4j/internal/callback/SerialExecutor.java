package io.github.keepalive4j.internal.callback;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/**
 * Runs tasks one after the other, in order, on another executor. No lock is held while a task runs,
 * so a task on the caller's thread ({@code Runnable::run}) blocks no other caller.
 */
public final class SerialExecutor implements Executor {
  private final Deque<Runnable> tasks = new ArrayDeque<>(4); // guarded by this
  private final Executor executor;
  private boolean busy = true; // guarded by this: not started, or a task is under way

  public SerialExecutor(Executor executor) {
    this.executor = executor;
  }

  /** Begins to run tasks: this one first, then those that are queued. */
  public void start(Runnable first) {
    synchronized (this) {
      tasks.addFirst(first);
    }
    runNext();
  }

  @Override
  public void execute(Runnable task) {
    synchronized (this) {
      tasks.add(task);
      if (busy) {
        return;
      }
      busy = true;
    }
    runNext();
  }

  /** Drops the tasks that haven't been given to the executor. */
  public synchronized void clear() {
    tasks.clear();
  }

  private void runNext() {
    Runnable next;
    synchronized (this) {
      next = tasks.poll();
      busy = next != null;
    }
    if (next != null) {
      executor.execute(new Turn(next));
    }
  }

  /** One task's turn, taken once though an executor may run it twice. */
  private final class Turn implements Runnable {
    private final Runnable task;
    private boolean taken; // guarded by this

    Turn(Runnable task) {
      this.task = task;
    }

    @Override
    public void run() {
      if (take()) {
        try {
          task.run();
        } finally {
          runNext();
        }
      }
    }

    private synchronized boolean take() {
      boolean isFirst = !taken;
      taken = true;
      return isFirst;
    }
  }
}
