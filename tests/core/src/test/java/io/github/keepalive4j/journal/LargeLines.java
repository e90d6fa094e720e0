package io.github.keepalive4j.journal;

import io.github.keepalive4j.Journal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A program that appends ever larger lines until its memory is used up, and then small ones. */
final class LargeLines {
  static final String FILE = "file";

  private LargeLines() {}

  public static void main(String[] arguments) throws Exception {
    try (Journal journal = Journal.open(Path.of(System.getProperty(FILE)), Duration.ofSeconds(5))) {
      appendLarge(journal);
      for (int i = 0; i < 3; i++) {
        journal.append("small", Map.of());
      }
    }
    System.out.println("small lines written");
  }

  private static void appendLarge(Journal journal) {
    try {
      for (int bytes = 2 << 20; bytes < 64 << 20; bytes += 2 << 20) {
        journal.append("large", Map.of("text", "y".repeat(bytes)));
      }
    } catch (IOException | OutOfMemoryError e) {
      System.err.println("as intended: " + e);
    }
  }
}
