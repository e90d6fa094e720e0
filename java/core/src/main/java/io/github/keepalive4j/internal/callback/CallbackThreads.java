package io.github.keepalive4j.internal.callback;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A thread pool in which each worker passes the queue on before it runs its task, so a blocked task
 * delays no other. The caller starts at most one thread, however many tasks it brings. A task goes
 * to the thread that has rested for the shortest time. One without a task for 10 s ends, but one
 * that stays if that is wished. After a shutdown a task runs on its caller's thread.
 *
 * <p>Where no thread can be started, the queue is stranded behind the tasks that run. The pool then
 * wakes a helper, which tries again by {@link #relieve()}.
 */
public final class CallbackThreads implements Executor {
  /** How often the helper calls {@link #relieve()} while the queue is stranded. */
  public static final int RETRY_MS = 50;

  private static final long IDLE_NS = TimeUnit.SECONDS.toNanos(10);

  /** After this the stranded tasks wait for no thread: the tasks that run may never return. */
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(1);

  /** Stands for a task: there is none, and the thread is to rest. */
  private static final Runnable REST = CallbackThreads::doNothing;

  private final String name;
  private final Runnable helper;
  private final Consumer<Runnable> overdue;
  private final Runnable work; // of each thread
  private final AtomicInteger number = new AtomicInteger();
  private final Queue<Runnable> tasks = new ArrayDeque<>(); // guarded by this, as are the next four
  private final Deque<Thread> resting = new ArrayDeque<>(); // the last to begin is at the end
  private int free; // threads that rest or are about to take a task
  private boolean closed;
  private boolean keepsOne; // the last free thread waits on
  private volatile boolean stranded; // written under this lock: tasks wait, and nobody is free
  private long strandedSinceNs; // guarded by this; has a meaning while stranded

  /**
   * Makes a pool without a thread.
   *
   * @param name what the threads' names begin with
   * @param helper wakes the thread that calls {@link #relieve()}; called on any thread
   * @param overdue takes a task that was stranded for 1 s; called on that thread
   * @param scheduled returns what a thread runs around its work
   */
  public CallbackThreads(
      String name, Runnable helper, Consumer<Runnable> overdue, UnaryOperator<Runnable> scheduled) {
    this.name = name;
    this.helper = helper;
    this.overdue = overdue;
    this.work = scheduled.apply(this::work);
  }

  /** Makes a pool that has a helper. */
  @FunctionalInterface
  public interface Factory {
    CallbackThreads newThreads(String nameSuffix, Consumer<Runnable> overdue);
  }

  @Override
  public void execute(Runnable task) {
    boolean accepted;
    boolean startsThread;
    Thread rested;
    synchronized (this) {
      accepted = !closed;
      startsThread = accepted && free == 0;
      rested = resting.pollLast(); // null if none rests: those that are free are about to look
      if (accepted) {
        tasks.add(task);
        free += startsThread ? 1 : 0;
      }
    }
    if (startsThread) {
      startFor(task);
    } else if (accepted) {
      LockSupport.unpark(rested);
    } else {
      task.run();
    }
  }

  /**
   * Keeps a thread for the next task until the shutdown, and starts it now. So a task after a long
   * rest doesn't wait for a thread, and has one where no more can be started.
   */
  public void keepOne() {
    synchronized (this) {
      keepsOne = true;
      if (closed || free > 0) {
        return;
      }
      free++;
    }
    startSuccessor();
  }

  /** Lets the queued tasks run; no thread waits for more. */
  public synchronized void shutdown() {
    closed = true;
    resting.forEach(LockSupport::unpark);
    resting.clear();
  }

  private void startFor(Runnable task) {
    try {
      start();
    } catch (Throwable e) {
      boolean withdrawn = withdraw(task);
      callForHelp();
      if (withdrawn) {
        throw e;
      }
    }
  }

  /** Returns false if a thread that became free meanwhile has taken the task. */
  private synchronized boolean withdraw(Runnable task) {
    boolean withdrawn = tasks.remove(task);
    giveUpStart();
    return withdrawn;
  }

  /** Notes that a thread that counted as free wasn't started. */
  private synchronized void giveUpStart() {
    free--;
    if (free == 0 && !tasks.isEmpty() && !stranded) {
      stranded = true;
      strandedSinceNs = System.nanoTime();
    }
  }

  private void callForHelp() {
    if (stranded) {
      helper.run();
    }
  }

  /** Tells whether tasks wait for a thread that couldn't be started. */
  public boolean isStranded() {
    return stranded;
  }

  /** Tries again to start a thread for stranded tasks. After 1 s without one they are overdue. */
  public void relieve() {
    if (!stranded || !claimStart()) {
      return;
    }
    try {
      start();
    } catch (Throwable e) { // still no thread available
      Runnable task = takeOverdue();
      if (task != null) {
        overdue.accept(task);
      }
    }
  }

  /** Returns false if the queue needs no further thread. */
  private synchronized boolean claimStart() {
    stranded = stranded && free == 0 && !tasks.isEmpty();
    free += stranded ? 1 : 0;
    return stranded;
  }

  private synchronized @Nullable Runnable takeOverdue() {
    giveUpStart();
    return System.nanoTime() - strandedSinceNs < PATIENCE_NS ? null : tasks.poll();
  }

  private void start() {
    new Thread(work, name + "-" + number.incrementAndGet()).start();
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
  private @Nullable Runnable next() {
    long deadlineNs = System.nanoTime() + IDLE_NS;
    Runnable task = take(IDLE_NS);
    while (task == REST) {
      rest(deadlineNs - System.nanoTime());
      task = take(deadlineNs - System.nanoTime());
    }
    return task;
  }

  private @Nullable Runnable take(long leftNs) {
    Runnable task;
    synchronized (this) {
      resting.removeLastOccurrence(Thread.currentThread()); // if no task has woken it
      task = tasks.poll();
      if (task == null && !closed && (leftNs > 0 || isKept())) {
        resting.addLast(Thread.currentThread());
        return REST;
      }
      free--;
      if (tasks.isEmpty() || free > 0) {
        return task;
      }
      free++;
    }
    startSuccessor();
    return task;
  }

  private static void doNothing() {}

  /** Rests until a task comes, for that long at most; one that is kept has no limit. */
  private void rest(long leftNs) {
    if (leftNs > 0) {
      LockSupport.parkNanos(this, leftNs);
    } else {
      LockSupport.park(this);
    }
    var unused = Thread.interrupted(); // left behind by a callback, without meaning here
  }

  private void startSuccessor() {
    try {
      start();
    } catch (Throwable e) { // no thread available: the queue waits for this one, or for help
      giveUpStart();
      callForHelp();
    }
  }

  /** Tells whether the caller, which is free, is the one to stay. */
  private boolean isKept() {
    return keepsOne && free == 1;
  }
}
