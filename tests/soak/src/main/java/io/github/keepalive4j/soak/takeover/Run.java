package io.github.keepalive4j.soak.takeover;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * One run of the workload, as its own record tells it.
 *
 * @param host where it ran
 * @param token the fencing token in its environment
 * @param startNs when it started, on {@link System#nanoTime}'s clock
 * @param lastNs its last sign of life
 * @param ended whether that is its end; else it runs on or was killed
 */
record Run(String host, long token, long startNs, long lastNs, boolean ended) {
  /** A workload that runs gives a sign of life this often. */
  static final Duration BEAT = Duration.ofMillis(5);

  private static final int TAIL_BYTES = 256;

  /** Reads the record HOST-TOKEN-PROCESS.run; empty if it has not started yet. */
  static Optional<Run> read(Path file) throws IOException {
    try (RandomAccessFile record = new RandomAccessFile(file.toFile(), "r")) {
      String head = text(record, 0);
      String tail = text(record, Math.max(0, record.length() - TAIL_BYTES));
      if (!head.contains("\n")) {
        return Optional.empty();
      }
      String[] name = file.getFileName().toString().split("-", 0);
      String[] last = lastLine(tail).split(" ", 0);
      return Optional.of(
          new Run(
              name[0],
              Long.parseLong(name[1]),
              Long.parseLong(head.substring(0, head.indexOf('\n')).split(" ", 0)[1]),
              Long.parseLong(last[1]),
              last[0].equals("end")));
    }
  }

  private static String text(RandomAccessFile record, long offset) throws IOException {
    byte[] bytes = new byte[TAIL_BYTES];
    record.seek(offset);
    int length = Math.max(0, record.read(bytes));
    return new String(bytes, 0, length, StandardCharsets.US_ASCII);
  }

  private static String lastLine(String text) {
    int end = text.lastIndexOf('\n');
    return text.substring(text.lastIndexOf('\n', end - 1) + 1, end);
  }

  /** Returns when it can have ended at the latest: a killed one's last beat isn't its end. */
  long endNs() {
    return ended ? lastNs : lastNs + BEAT.toNanos();
  }

  boolean covers(long atNs) {
    return startNs <= atNs && atNs < endNs();
  }

  @Override
  public String toString() {
    return String.format(
        "%s with token %d from %.3f s to %.3f s", host, token, startNs / 1e9, endNs() / 1e9);
  }
}
