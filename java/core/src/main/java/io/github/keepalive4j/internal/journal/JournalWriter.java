package io.github.keepalive4j.internal.journal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
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

  /** What is written at once, unless one line is longer: it takes several times its size. */
  private static final int MAX_BATCH_CHARS = 64 << 10;

  private static final long MIN_CLOSE_NS = TimeUnit.SECONDS.toNanos(1);
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final LineSink file;
  private final LineFormat format;
  private final long timeoutNs;
  private final Thread thread;
  private final ErrorReporter reporter;
  private final Queue<JournalLine> pending =
      new ArrayDeque<>(); // guarded by this: the oldest first
  private long seq; // guarded by this
  private boolean stale; // guarded by this: the file is to be opened anew
  private IOException reopenError; // guarded by this; null for none
  private boolean closing; // guarded by this
  private boolean closed; // guarded by this
  private IOException closeError; // guarded by this; null for none

  /** Takes over a file, and starts the thread. */
  public JournalWriter(LineSink file, String instance, Duration timeout) {
    this.file = file;
    this.format = new LineFormat(instance);
    this.timeoutNs = timeout.toNanos();
    String name = "keepalive-journal-" + COUNT.incrementAndGet();
    reporter = new ErrorReporter(name + "-errors");
    thread = new Thread(this::run, name);
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
   * @param errorHandler hears of a line that can't be written: on this thread, if that is known
   *     before this returns, else on a thread for that
   * @return whether it is on the disk, or can't be written
   */
  public boolean append(
      String event, Map<String, ?> details, Consumer<IOException> errorHandler, long limitNs) {
    IOException error;
    boolean over;
    synchronized (this) {
      String refusal = refusal();
      JournalLine line = newLine(event, details, errorHandler);
      if (refusal == null) {
        pending.add(line);
        notifyAll();
        over = await(line, limitNs);
        error = line.error();
      } else {
        over = true;
        error = new IOException(refusal);
      }
    }
    if (error != null) {
      errorHandler.accept(error);
    }
    return over;
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
    JournalLine first = pending.element(); // which itself may have been slow to come this far
    long limit = first != line && first.isOlderThan(timeoutNs) ? 0 : limitNs;
    awaitUninterruptibly(limit, line::isOver);
    line.leave();
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
    while (writeNext()) {
      // until it is closed
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

  /** Writes what is due. Returns false once the journal is closed and nothing is left. */
  private boolean writeNext() {
    try {
      List<JournalLine> batch = next();
      boolean reopened = reopenIfStale();
      if (!batch.isEmpty()) {
        end(batch, write(batch));
      }
      return reopened || !batch.isEmpty();
    } catch (Throwable e) { // such as a lack of memory: the lines are still pending
      return true;
    }
  }

  private synchronized boolean isStale() {
    return stale;
  }

  private boolean reopenIfStale() {
    if (!isStale()) {
      return false;
    }
    IOException error = null;
    try {
      file.reopen();
    } catch (IOException e) {
      error = e;
    }
    synchronized (this) {
      stale = false;
      reopenError = error;
      notifyAll();
    }
    return true;
  }

  /**
   * Opens the path of the file anew, before the next line is written. Waits for that as {@link
   * #close()} does.
   *
   * @throws IOException if that takes longer, and is done later; or if it fails, and the file that
   *     was open is written on
   */
  public synchronized void reopen() throws IOException {
    if (closing) {
      throw new IOException("the journal is closed");
    }
    stale = true;
    notifyAll();
    awaitUninterruptibly(Math.max(timeoutNs, MIN_CLOSE_NS), () -> !stale);
    if (stale) {
      throw new IOException("the journal's disk hangs: its file isn't opened anew yet");
    }
    if (reopenError != null) {
      throw reopenError;
    }
  }

  /** Returns what is to be written, or nothing if the file is stale or the journal is closed. */
  private synchronized List<JournalLine> next() {
    while (pending.isEmpty() && !closing && !stale) {
      try {
        wait();
      } catch (InterruptedException e) {
        // nobody interrupts this thread
      }
    }
    List<JournalLine> batch = new ArrayList<>();
    long chars = 0;
    for (JournalLine line : pending) {
      chars += line.text().length();
      if (chars > MAX_BATCH_CHARS && !batch.isEmpty()) {
        break;
      }
      batch.add(line);
    }
    return batch;
  }

  /** Returns why the lines can't be written, or null. */
  private IOException write(List<JournalLine> batch) {
    try {
      StringBuilder text = new StringBuilder();
      batch.forEach(line -> text.append(line.text()));
      file.append(text.toString());
      return null;
    } catch (IOException e) {
      return e;
    } catch (Throwable e) { // whatever it is, it must not cost the journal its thread
      return new IOException("a line isn't written: " + e, e);
    }
  }

  private void end(List<JournalLine> batch, IOException error) {
    List<Consumer<IOException>> unawaited = new ArrayList<>();
    synchronized (this) {
      for (JournalLine line : batch) {
        line.end(error);
        pending.remove();
        if (!line.isAwaited()) {
          unawaited.add(line.errorHandler());
        }
      }
      notifyAll();
      if (error == null) {
        tellLate(batch);
      }
    }
    if (error != null) {
      unawaited.forEach(handler -> reporter.report(handler, error));
    }
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
