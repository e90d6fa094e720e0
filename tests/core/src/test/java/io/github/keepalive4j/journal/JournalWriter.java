package io.github.keepalive4j.journal;

import io.github.keepalive4j.Journal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * A program that writes a journal until it is killed, and says after each line that it is there.
 */
final class JournalWriter {
  private JournalWriter() {}

  public static void main(String[] arguments) throws Exception {
    try (Journal journal = Journal.open(Path.of(arguments[0]), Duration.ofSeconds(30))) {
      String filling = "x".repeat(3_000);
      for (long number = 1; number > 0; number++) {
        journal.append("act", Map.of("number", number, "filling", filling));
        System.out.println(number);
      }
    }
  }
}
