package io.github.keepalive4j;

import io.github.keepalive4j.internal.Range;
import io.github.keepalive4j.internal.guard.JournalAccess;
import io.github.keepalive4j.internal.guard.WatchJournal;
import io.github.keepalive4j.internal.journal.JournalFile;
import io.github.keepalive4j.internal.journal.JournalWriter;
import io.github.keepalive4j.internal.journal.JsonLine;
import io.github.keepalive4j.internal.journal.LineFormat;
import io.github.keepalive4j.internal.journal.LineSink;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A file that proves afterwards in which order things happened. Each line is a JSON object, and is
 * on the disk before the action that it announces, if the disk isn't slow.
 *
 * <p><b>No failover waits for a disk that hangs.</b> A thread of the journal's own writes the
 * lines, in the order of the events. An action waits for its line, at most for the journal's
 * timeout. All lines from a verdict to its callback's begin share one timeout, and a link that
 * fails before the takeover begins has a new one. Then the action goes on, {@link
 * LinkListener#onJournalLate} is called, and the line is written once the disk lets it. Where a
 * line has waited for longer than the timeout, later lines aren't waited for until the disk has
 * caught up. Stopping waits for nothing: {@code claim-lost} follows the call to the holder.
 *
 * <p>"On the disk" means that {@code fsync(2)} has returned for the file, and once for its
 * directory when it was opened. Lines that come together are synced together. A drive that drops
 * what it acknowledged, or a file system mounted without barriers, can still lose them.
 *
 * <p>Each line has {@code instance} (a new one for each {@link #open}), {@code seq} (1 and up
 * within an instance: a gap is a line that couldn't be written), {@code time} (wall clock, UTC),
 * {@code monotonicNs} (the clock of {@link System#nanoTime()}), {@code event}, and the event's own
 * fields:
 *
 * <table>
 *   <caption>Events, in the order in which they happen to a watch</caption>
 *   <tr><th>event</th><th>announces</th><th>with</th></tr>
 *   <tr><td>{@code opened}</td><td>an instance</td><td>pid</td></tr>
 *   <tr><td>{@code reopened}</td><td>nothing: the path was opened anew</td><td>pid</td></tr>
 *   <tr><td>{@code armed}</td><td>nothing: a link is under watch</td>
 *       <td>watch, peer, local</td></tr>
 *   <tr><td>{@code suspect}, {@code recovered}, {@code confirmed}</td>
 *       <td>nothing: these lines aren't waited for</td><td>watch, peer</td></tr>
 *   <tr><td>{@code left}, {@code violation}, {@code aborted}</td><td>the link's end</td>
 *       <td>watch, peer</td></tr>
 *   <tr><td>{@code verdict}</td><td>the question to the guard</td>
 *       <td>watch, peer, cause, errno, verdictNs, lastHeardNs</td></tr>
 *   <tr><td>{@code unanswered}</td>
 *       <td>that the verdict counts: the source didn't answer the second opinion</td>
 *       <td>watch, peer</td></tr>
 *   <tr><td>{@code granted}</td><td>the callback</td>
 *       <td>watch, claim, resource, token, supersedes</td></tr>
 *   <tr><td>{@code declined}</td>
 *       <td>that there is no callback. Follows {@code callback-begin} if the claim was lost while
 *       that was written</td><td>watch, reason</td></tr>
 *   <tr><td>{@code callback-begin}, {@code callback-end}</td><td>the callback; its end</td>
 *       <td>watch, token; error</td></tr>
 *   <tr><td>{@code claim-lost}</td>
 *       <td>nothing: the holder has been called and has returned</td>
 *       <td>watch, resource, token, reason, validUntilNs</td></tr>
 *   <tr><td>{@code claim-released}</td><td>the claim's end</td>
 *       <td>watch, resource, token</td></tr>
 *   <tr><td>{@code journal-late}</td>
 *       <td>nothing: lines came to the disk later than the timeout, the first of them by
 *       waitedMs after its event</td><td>firstSeq, lastSeq, waitedMs</td></tr>
 * </table>
 *
 * <p>A {@code watch} is a call of {@link KeepaliveMonitor#watch} or {@link
 * KeepaliveMonitor#watchAll}, an opening of a {@link KeepaliveServer}, or a takeover by the command
 * after a claim's end. A kill may tear the last line. The next opening starts a new line, and a
 * reader skips what it can't parse. A journal that can't be written stops no failover: the error
 * handler gets the error, and {@code seq} has a gap.
 *
 * <p>Each action costs a write to the disk. Thread-safe. Only one instance has the file open at a
 * time, whatever the file is called by then (flock(2)). On the pure-JDK path, and on a file system
 * without such locks, that goes by the real path alone: there a hard link, or a rename while it is
 * open, is another file.
 *
 * <p><b>Put a source's journal on a disk of its own.</b> The kernel can't end a process while a
 * write of it waits for a file system that is frozen. Its exit status comes late, and a source that
 * is killed keeps its links until then. Only {@link Liveness#PROCESS} sees that.
 */
public final class Journal implements AutoCloseable {
  /** How long an action waits for its line where nothing else is said: 100 ms. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofMillis(100);

  static {
    JournalAccess.set(Journal::newWatch);
  }

  private final AtomicLong watches = new AtomicLong();
  private final String instance = UUID.randomUUID().toString();
  private final JournalWriter writer;

  /** Opens a journal that keeps nothing and touches no disk. */
  static Journal openForWarmup() {
    return new Journal(LineSink.NOWHERE, DEFAULT_TIMEOUT);
  }

  private Journal(LineSink file, Duration timeout) {
    writer = new JournalWriter(file, instance, timeout);
  }

  /** A line isn't on the disk in time. It is written later. */
  public static final class LateException extends IOException {
    private static final long serialVersionUID = 1;

    private LateException(String message) {
      super(message);
    }
  }

  /**
   * Opens a journal with a timeout of 100 ms.
   *
   * @throws IOException as {@link #open(Path, Duration)}
   */
  public static Journal open(Path path) throws IOException {
    return open(path, DEFAULT_TIMEOUT);
  }

  /**
   * Opens a journal to append to, and makes the file if there is none. A second file beside it,
   * with {@code .lock} after its name, keeps others from opening it; that file is empty and stays.
   * Opening waits for the disk, however long that takes.
   *
   * @param timeout how long an action waits for its line, 1 ms to 1 day
   * @throws IllegalArgumentException if {@code timeout} is outside that range
   * @throws IOException if a file can't be written, one of the two is no regular file, or the
   *     journal is open already, in this process or another one
   */
  public static Journal open(Path path, Duration timeout) throws IOException {
    Range.checkMillisecondToDay("timeout", timeout);
    JournalFile file = JournalFile.open(Objects.requireNonNull(path, "path"));
    Closeable undo = file;
    try {
      Journal journal = new Journal(file, timeout);
      undo = journal::close;
      journal.append("opened", Map.of("pid", ProcessHandle.current().pid()), Long.MAX_VALUE);
      undo = () -> {};
      return journal;
    } finally {
      undo.close();
    }
  }

  /**
   * Appends an event and returns once it is on the disk.
   *
   * @param event what happens next
   * @param details strings, booleans, finite numbers and nulls by name, written after the line's
   *     own fields
   * @throws IllegalArgumentException if {@code event} is blank, or {@code details} has a null or
   *     blank name, the name of a field of the line's own, or another value; no sequence number is
   *     used up
   * @throws LateException if the line isn't on the disk within the timeout; it is written later, in
   *     its place
   * @throws IOException if the line can't be written or the journal is closed; its sequence number
   *     is not used again
   */
  public void append(String event, Map<String, ?> details) throws IOException {
    if (Objects.requireNonNull(event, "event").isBlank()) {
      throw new IllegalArgumentException("event \"" + event + "\" is blank");
    }
    Map<String, Object> checked = new LinkedHashMap<>(Objects.requireNonNull(details, "details"));
    checked.forEach(Journal::requireWritable);
    append(event, checked, writer.timeoutNs());
  }

  private static void requireWritable(String name, Object value) {
    if (name == null || name.isBlank()) {
      throw new IllegalArgumentException("name " + name + " in details is blank");
    }
    if (LineFormat.OWN_NAMES.contains(name)) {
      throw new IllegalArgumentException(
          "name " + name + " in details is the line's own, as are " + LineFormat.OWN_NAMES);
    }
    if (!JsonLine.isWritable(value)) {
      throw new IllegalArgumentException(
          name + " " + value + " in details is no string, boolean, finite number or null");
    }
  }

  private void append(String event, Map<String, ?> details, long limitNs) throws IOException {
    AtomicReference<IOException> error = new AtomicReference<>();
    if (!writer.append(event, details, error::set, limitNs)) {
      throw new LateException(
          "the line " + event + " isn't on the disk within " + limitNs / 1_000_000 + " ms");
    }
    if (error.get() != null) {
      throw error.get();
    }
  }

  /**
   * Opens the journal's path anew, after another program has renamed the file, as logrotate does.
   * Each line is in one of the two files; instance and sequence numbers go on. Waits for the disk
   * up to 1 s, or for the journal's timeout where that is longer.
   *
   * @throws IOException if the path can't be opened, and the file that was open is written on; if
   *     the journal is closed; or if the disk hangs, and it is opened anew later
   */
  public void reopen() throws IOException {
    writer.reopen();
    append("reopened", Map.of("pid", ProcessHandle.current().pid()), writer.timeoutNs());
  }

  /** Returns the id of this instance, {@code instance} in its lines. */
  public String instance() {
    return instance;
  }

  /** Returns the record of the next watch. */
  WatchJournal newWatch(Consumer<IOException> errorHandler, Consumer<String> lateHandler) {
    return new WatchJournal(writer, watches.incrementAndGet(), errorHandler, lateHandler);
  }

  /**
   * Writes what is left and closes the file. Waits for that up to 1 s, or for the journal's timeout
   * where that is longer.
   *
   * @throws IOException if the system refuses, or the disk hangs: the message says which lines
   *     aren't on it. They are still written if it works again while this process lives
   */
  @Override
  public void close() throws IOException {
    writer.close();
  }
}
