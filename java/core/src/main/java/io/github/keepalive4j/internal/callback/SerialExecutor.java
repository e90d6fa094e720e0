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
  private final Deque<Runnable> lasts = new ArrayDeque<>(2); // guarded by this: run by who is done
  private final Executor executor;
  private boolean busy = true; // guarded by this: not started, or a task is under way
  private Thread runner; // guarded by this; the thread of a task, or null
  private boolean closed; // guarded by this

  public SerialExecutor(Executor executor) {
    this.executor = executor;
  }

  /** Begins to run tasks: this one first, then those that are queued. */
  public void start(Runnable first) {
    synchronized (this) {
      if (!closed) {
        tasks.addFirst(first);
      }
    }
    goOn();
  }

  @Override
  public void execute(Runnable task) {
    synchronized (this) {
      if (closed) {
        return;
      }
      tasks.add(task);
      if (busy) {
        return;
      }
      busy = true;
    }
    goOn();
  }

  /**
   * Runs a task here, or, after a task that is under way on another thread, there. It overtakes the
   * queued tasks and is never dropped.
   */
  public void executeHere(Runnable task) {
    boolean nested;
    synchronized (this) {
      nested = runner == Thread.currentThread();
      if (busy && !nested) {
        lasts.add(task);
        return;
      }
      busy = true;
    }
    if (nested) {
      task.run();
    } else {
      new Turn(task).run();
    }
  }

  /** Drops the tasks that haven't been given to the executor, and those that come from now on. */
  public synchronized void close() {
    closed = true;
    tasks.clear();
  }

  private void goOn() {
    Runnable last = takeLast();
    while (last != null) {
      last.run();
      last = takeLast();
    }
  }

  /** Returns what is last, to be run here; where nothing is, brings the next task on its way. */
  private Runnable takeLast() {
    Runnable next;
    synchronized (this) {
      Runnable last = lasts.poll();
      if (last != null) {
        return last;
      }
      runner = null;
      next = tasks.poll();
      busy = next != null;
    }
    if (next != null) {
      executor.execute(new Turn(next));
    }
    return null;
  }

  /** One task's turn, taken once though an executor may run it twice. */
  private final class Turn implements Runnable {
    private final Runnable task;
    private boolean taken; // guarded by the executor, as the runner

    Turn(Runnable task) {
      this.task = task;
    }

    @Override
    public void run() {
      if (take()) {
        try {
          task.run();
        } finally {
          goOn();
        }
      }
    }

    private boolean take() {
      synchronized (SerialExecutor.this) {
        if (taken) {
          return false;
        }
        taken = true;
        runner = Thread.currentThread();
        return true;
      }
    }
  }
}
