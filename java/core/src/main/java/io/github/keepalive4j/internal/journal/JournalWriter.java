package io.github.keepalive4j.internal.journal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Writes lines on a thread of its own, in the order in which they came. Nobody else touches the
 * disk, and no lock is held while it is touched: a disk that hangs holds up this thread alone.
 */
public final class JournalWriter {
  /** The event of the line that says that others came late. */
  public static final String LATE = "journal-late";

  /** What may wait for a disk that hangs: some MB. */
  private static final int MAX_PENDING = 10_000;

  private static final long MIN_CLOSE_NS = TimeUnit.SECONDS.toNanos(1);
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final JournalFile file;
  private final LineFormat format;
  private final long timeoutNs;
  private final Thread thread;
  private final Queue<JournalLine> pending =
      new ArrayDeque<>(); // guarded by this: the oldest first
  private long seq; // guarded by this
  private boolean closing; // guarded by this
  private boolean closed; // guarded by this
  private IOException closeError; // guarded by this; null for none

  /** Takes over a file, and starts the thread. */
  public JournalWriter(JournalFile file, String instance, Duration timeout) {
    this.file = file;
    this.format = new LineFormat(instance);
    this.timeoutNs = timeout.toNanos();
    thread = new Thread(this::run, "keepalive-journal-" + COUNT.incrementAndGet());
    thread.setDaemon(true);
    thread.start();
  }

  /** Returns how long a line is waited for. */
  public long timeoutNs() {
    return timeoutNs;
  }

  /**
   * Adds a line and waits until it is on the disk, or can't be written, but no longer than the
   * limit, and not at all where the disk hangs already. It is written all the same.
   *
   * @param errorHandler hears of a line that can't be written, on this thread or the writer's
   * @return whether it is on the disk, or can't be written
   */
  public boolean append(
      String event, Map<String, ?> details, Consumer<IOException> errorHandler, long limitNs) {
    JournalLine line;
    String refusal;
    synchronized (this) {
      refusal = refusal();
      line = newLine(event, details, errorHandler);
      if (refusal == null) {
        pending.add(line);
        notifyAll();
        return await(line, limitNs);
      }
    }
    line.fail(new IOException(refusal));
    return true;
  }

  private String refusal() {
    if (closing) {
      return "the journal is closed";
    }
    return pending.size() < MAX_PENDING
        ? null
        : "the journal's disk hangs, and " + MAX_PENDING + " lines wait for it";
  }

  private JournalLine newLine(
      String event, Map<String, ?> details, Consumer<IOException> errorHandler) {
    long nowNs = System.nanoTime();
    seq++;
    return new JournalLine(event, seq, format.of(event, seq, nowNs, details), nowNs, errorHandler);
  }

  private boolean await(JournalLine line, long limitNs) {
    long limit = pending.element().isOlderThan(timeoutNs) ? 0 : limitNs;
    awaitUninterruptibly(limit, line::isOver);
    return line.isOver();
  }

  private interface Condition {
    boolean holds();
  }

  /** Waits with this object's lock; an interrupt is the caller's own affair. */
  private void awaitUninterruptibly(long limitNs, Condition condition) {
    long startNs = System.nanoTime();
    boolean interrupted = false;
    for (long leftNs = limitNs;
        leftNs > 0 && !condition.holds();
        leftNs = limitNs - (System.nanoTime() - startNs)) {
      try {
        TimeUnit.NANOSECONDS.timedWait(this, leftNs);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    for (List<JournalLine> batch = next(); !batch.isEmpty(); batch = next()) {
      write(batch);
    }
    IOException error = null;
    try {
      file.close();
    } catch (IOException e) {
      error = e;
    }
    synchronized (this) {
      closed = true;
      closeError = error;
      notifyAll();
    }
  }

  /** Returns what is to be written, or nothing once the journal is closed. */
  private synchronized List<JournalLine> next() {
    while (pending.isEmpty() && !closing) {
      try {
        wait();
      } catch (InterruptedException e) {
        // nobody interrupts this thread
      }
    }
    return List.copyOf(pending);
  }

  private void write(List<JournalLine> batch) {
    StringBuilder text = new StringBuilder();
    batch.forEach(line -> text.append(line.text()));
    IOException error = null;
    try {
      file.append(text.toString());
    } catch (IOException e) {
      error = e;
    }
    end(batch, error == null);
    for (JournalLine line : batch) {
      if (error != null) {
        line.fail(error);
      }
    }
  }

  private synchronized void end(List<JournalLine> batch, boolean written) {
    for (JournalLine line : batch) {
      line.end();
      pending.remove();
    }
    if (written) {
      tellLate(batch);
    }
    notifyAll();
  }

  private void tellLate(List<JournalLine> batch) {
    List<JournalLine> late =
        batch.stream()
            .filter(line -> line.isOlderThan(timeoutNs) && !line.event().equals(LATE))
            .toList();
    if (!late.isEmpty()) {
      JournalLine first = late.get(0);
      Map<String, Object> details = new LinkedHashMap<>();
      details.put("firstSeq", first.seq());
      details.put("lastSeq", late.get(late.size() - 1).seq());
      details.put("waitedMs", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - first.addedNs()));
      pending.add(newLine(LATE, details, error -> {}));
    }
  }

  /**
   * Writes what is left and closes the file, within a second or the journal's timeout. What takes
   * longer goes on without the caller.
   *
   * @throws IOException if that takes longer, or the system refuses
   */
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closing = true;
    notifyAll();
    awaitUninterruptibly(Math.max(timeoutNs, MIN_CLOSE_NS), () -> closed);
    if (!closed) {
      throw new IOException(
          pending.isEmpty()
              ? "the journal's disk hangs: its file isn't closed"
              : "the journal's disk hangs: lines " + pendingNumbers() + " aren't on it");
    }
    if (closeError != null) {
      throw closeError;
    }
  }

  private String pendingNumbers() {
    return pending.element().seq() + " to " + seq;
  }
}
