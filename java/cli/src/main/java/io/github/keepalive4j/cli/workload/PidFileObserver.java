package io.github.keepalive4j.cli.workload;

import io.github.keepalive4j.cli.workload.PidFile.Content;
import io.github.keepalive4j.cli.workload.PidFile.Named;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Follows the process that a file names: another one as soon as the file names that, and none any
 * more once it has ended. A file that is gone, empty or garbled changes nothing while the process
 * lives. The kernel tells the end, so nobody polls.
 */
final class PidFileObserver implements Workload.Observer {
  /** For a file that can't be watched, as behind a link. Only while no process is followed. */
  private static final long LOOK_AGAIN_MS = 1_000;

  private final PidFile file;
  private final PidFileReader reader;
  private final Workload workload;
  private final Thread thread = new Thread(this::run, "pid-file");
  private final FileChanges changes;
  private final Semaphore changed = new Semaphore(0); // taken all at once
  private Named followed; // guarded by this; null for none
  private volatile boolean closed;

  PidFileObserver(PidFile file, Workload workload) {
    this.file = file;
    this.reader = new PidFileReader(file);
    this.workload = workload;
    thread.setDaemon(true);
    thread.start();
    changes = new FileChanges(file.path(), this::changed);
  }

  private synchronized void changed() {
    changed.release();
    if (followed != null) {
      followed.process().wake();
    }
  }

  private void run() {
    try {
      while (!closed) {
        try {
          follow(file.find(reader.read()));
        } catch (NoProcessException e) {
          workload.isMissing(e.getMessage());
          awaitChange();
        }
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  private void awaitChange() throws InterruptedException {
    boolean unused = changed.tryAcquire(LOOK_AGAIN_MS, TimeUnit.MILLISECONDS);
    changed.drainPermits();
  }

  private void follow(Named first) throws InterruptedException {
    Named current = first;
    begin(current);
    try {
      workload.began();
      boolean ended = false;
      while (!ended && !closed) {
        ended = changed.drainPermits() == 0 && hasEnded(current);
        Named next = another(current);
        if (next != null) {
          begin(next);
          current.process().close();
          current = next;
          ended = false;
        }
      }
      if (!closed) {
        workload.ended(current.end());
      }
    } finally {
      begin(null);
      current.process().close();
    }
  }

  private synchronized void begin(Named process) {
    followed = process;
  }

  /** Waits for the end or for a change of the file. A wait that fails is no end. */
  private boolean hasEnded(Named current) {
    try {
      return current.process().awaitEnd();
    } catch (IOException e) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_AGAIN_MS));
      return false;
    }
  }

  /** Returns the process that the file names now, or null if that is the same or none that runs. */
  private Named another(Named current) throws InterruptedException {
    try {
      Content content = reader.read();
      return content.pid() == current.pid() ? null : file.find(content);
    } catch (NoProcessException e) {
      return null;
    }
  }

  @Override
  public void close() {
    closed = true;
    changes.close();
    reader.close();
    thread.interrupt();
    changed();
  }
}
