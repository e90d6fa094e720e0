package io.github.keepalive4j;

import io.github.keepalive4j.internal.guard.JsonLine;
import io.github.keepalive4j.internal.journal.JournalFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A file that proves afterwards in which order things happened. Each line is a JSON object, and is
 * on the disk before the action that it announces.
 *
 * <p>Each line has {@code instance} (a new one for each opening of the file), {@code seq} (1 and up
 * within an instance: a gap is a line that couldn't be written), {@code time} (wall clock, UTC),
 * {@code monotonicNs} (the clock of {@link System#nanoTime()}), {@code event}, and the event's own
 * fields:
 *
 * <table>
 *   <caption>Events, in the order in which they happen to a watch</caption>
 *   <tr><th>event</th><th>announces</th><th>with</th></tr>
 *   <tr><td>{@code opened}</td><td>an instance</td><td>pid</td></tr>
 *   <tr><td>{@code armed}</td><td>a link under watch</td><td>watch, peer, local</td></tr>
 *   <tr><td>{@code suspect}, {@code recovered}, {@code left}, {@code violation}</td>
 *       <td>as {@link LinkListener}</td><td>watch, peer</td></tr>
 *   <tr><td>{@code verdict}</td><td>the question to the guard</td>
 *       <td>watch, peer, cause, errno, verdictNs, lastHeardNs</td></tr>
 *   <tr><td>{@code granted}</td><td>the callback</td>
 *       <td>watch, claim, resource, token, supersedes</td></tr>
 *   <tr><td>{@code declined}</td>
 *       <td>that there is no callback. Follows {@code callback-begin} if the claim was lost while
 *       that was written</td><td>watch, reason</td></tr>
 *   <tr><td>{@code callback-begin}, {@code callback-end}</td><td>the callback; its end</td>
 *       <td>watch, token; error</td></tr>
 *   <tr><td>{@code claim-lost}</td><td>the call to the holder</td>
 *       <td>watch, resource, token, reason, validUntilNs</td></tr>
 *   <tr><td>{@code claim-released}</td><td>the claim's end</td>
 *       <td>watch, resource, token</td></tr>
 * </table>
 *
 * <p>A {@code watch} is a call of {@link KeepaliveMonitor#watch} or {@link
 * KeepaliveMonitor#watchAll}, or an opening of a {@link KeepaliveServer}. A kill may tear the last
 * line. The next opening starts a new line, and a reader skips what it can't parse. A journal that
 * can't be written stops no failover: the error handler gets the error, and {@code seq} has a gap.
 *
 * <p>Each line costs a write to the disk. Thread-safe. Only one instance has the file open at a
 * time.
 */
public final class Journal implements AutoCloseable {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  /** What a line says of itself, and nobody else may. */
  private static final List<String> OWN_NAMES =
      List.of("instance", "seq", "time", "monotonicNs", "event");

  private final AtomicLong watches = new AtomicLong();
  private final String instance = UUID.randomUUID().toString();
  private final JournalFile file; // guarded by this
  private long seq; // guarded by this

  private Journal(JournalFile file) {
    this.file = file;
  }

  /**
   * Opens a journal to append to, and makes the file if there is none. A second file beside it,
   * with {@code .lock} after its name, keeps others from opening it; that file is empty and stays.
   *
   * @throws IOException if a file can't be written, or the journal is open already, in this process
   *     or another one
   */
  public static Journal open(Path path) throws IOException {
    JournalFile file = JournalFile.open(Objects.requireNonNull(path, "path"));
    boolean open = false;
    try {
      Journal journal = new Journal(file);
      journal.append("opened", Map.of("pid", ProcessHandle.current().pid()));
      open = true;
      return journal;
    } finally {
      if (!open) {
        file.close();
      }
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
   * @throws IOException if the line can't be written or the journal is closed; its sequence number
   *     is not used again
   */
  public void append(String event, Map<String, ?> details) throws IOException {
    if (Objects.requireNonNull(event, "event").isBlank()) {
      throw new IllegalArgumentException("event \"" + event + "\" is blank");
    }
    Map<String, Object> checked = new LinkedHashMap<>(Objects.requireNonNull(details, "details"));
    checked.forEach(Journal::requireWritable);
    appendChecked(event, checked);
  }

  private static void requireWritable(String name, Object value) {
    if (name == null || name.isBlank()) {
      throw new IllegalArgumentException("name " + name + " in details is blank");
    }
    if (OWN_NAMES.contains(name)) {
      throw new IllegalArgumentException(
          "name " + name + " in details is the line's own, as are " + OWN_NAMES);
    }
    if (!JsonLine.isWritable(value)) {
      throw new IllegalArgumentException(
          name + " " + value + " in details is no string, boolean, finite number or null");
    }
  }

  private synchronized void appendChecked(String event, Map<String, Object> details)
      throws IOException {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("instance", instance);
    line.put("seq", ++seq);
    line.put("time", TIME.format(Instant.now()));
    line.put("monotonicNs", System.nanoTime());
    line.put("event", event);
    line.putAll(details);
    file.append(JsonLine.of(line) + "\n");
  }

  /** Returns the id of this opening of the file, {@code instance} in its lines. */
  public String instance() {
    return instance;
  }

  /** Returns the next watch's number. */
  long nextWatch() {
    return watches.incrementAndGet();
  }

  /**
   * Closes the file.
   *
   * @throws IOException if the system refuses
   */
  @Override
  public void close() throws IOException {
    file.close();
  }
}
