package io.github.keepalive4j.internal.process;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A look for a mark in the environments of all processes. Reading one can hang in the kernel for as
 * long as that process's memory map is locked, as in a page fault on a file system that is gone. So
 * it is read on a thread of its own, and left out if that takes too long.
 */
final class EnvironmentSweep {
  private static final long READ_MS = 200;
  private static final int MAX_HUNG = 10;

  /** Processes on which a thread hangs. None of their numbers is used again before it returns. */
  private static final Set<Long> HUNG = ConcurrentHashMap.newKeySet();

  private final String mark;
  private final Queue<ProcessHandle> left;
  private final Queue<ProcessHandle> marked = new ConcurrentLinkedQueue<>();

  private EnvironmentSweep(String mark) {
    this.mark = mark;
    left =
        new ConcurrentLinkedQueue<>(
            ProcessHandle.allProcesses().filter(process -> !HUNG.contains(process.pid())).toList());
  }

  /** Returns the processes that have the mark, but for those that can't be read. */
  static List<ProcessHandle> find(String mark) {
    EnvironmentSweep sweep = new EnvironmentSweep(mark);
    boolean complete = false;
    for (int hung = 0; hung < MAX_HUNG && !complete; hung++) {
      complete = sweep.new Reader().runToEnd();
    }
    return List.copyOf(sweep.marked);
  }

  /** Reads what is left, until it is told to stop because it hangs. */
  private final class Reader {
    private final CountDownLatch ended = new CountDownLatch(1);
    private ProcessHandle current; // guarded by this; null for none
    private long sinceNs; // guarded by this
    private boolean stopped; // guarded by this

    /** Returns false if it hangs on a process. */
    boolean runToEnd() {
      start();
      boolean interrupted = false;
      boolean complete = false;
      while (!complete && !stopIfHung()) {
        try {
          complete = ended.await(READ_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
          interrupted = true; // killing comes first
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      return complete;
    }

    private void start() {
      Thread thread = new Thread(this::run, "keepalive-fence-sweep");
      thread.setDaemon(true);
      try {
        thread.start();
      } catch (OutOfMemoryError e) { // no thread available: killing comes first
        run();
      }
    }

    private void run() {
      for (ProcessHandle process = next(null); process != null; process = next(process)) {
        if (isMarked(process)) {
          marked.add(process);
        }
      }
      ended.countDown();
    }

    /** Returns the one to read after this one has been read, which is null at first. */
    private synchronized ProcessHandle next(ProcessHandle read) {
      if (read != null) {
        HUNG.remove(read.pid());
      }
      current = stopped ? null : left.poll();
      sinceNs = System.nanoTime();
      return current;
    }

    private synchronized boolean stopIfHung() {
      stopped =
          current != null && System.nanoTime() - sinceNs >= TimeUnit.MILLISECONDS.toNanos(READ_MS);
      if (stopped) {
        HUNG.add(current.pid());
      }
      return stopped;
    }

    /** A process that is gone, a zombie, or another user's has no readable environment. */
    private boolean isMarked(ProcessHandle process) {
      try (InputStream environment = new FileInputStream("/proc/" + process.pid() + "/environ")) {
        return new String(environment.readAllBytes(), StandardCharsets.ISO_8859_1).contains(mark);
      } catch (IOException e) {
        return false;
      }
    }
  }
}
