package io.github.keepalive4j.journal;

import io.github.keepalive4j.internal.journal.JournalFile;
import io.github.keepalive4j.internal.journal.JournalWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A program whose lines fit into its memory while they wait, but only once. */
final class LargeLines {
  static final String FILE = "file";

  private static final int LINES = 320;
  private static final String TEXT = "y".repeat(100 << 10);

  private LargeLines() {}

  public static void main(String[] arguments) throws Exception {
    Duration timeout = Duration.ofSeconds(20);
    JournalWriter journal =
        new JournalWriter(JournalFile.open(Path.of(System.getProperty(FILE))), "test", timeout);
    for (int i = 0; i < LINES; i++) {
      var unused = journal.append("large", Map.of("text", TEXT), LargeLines::report, 0);
    }
    boolean written = journal.append("small", Map.of(), LargeLines::report, timeout.toNanos());
    System.out.println(written ? "small line written" : "the journal has ended");
  }

  private static void report(Throwable error) {
    System.out.println(error);
  }
}
