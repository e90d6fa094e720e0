package io.github.keepalive4j.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.keepalive4j.Journal;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.Fifo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A journal whose file is renamed while it is written. */
@Timeout(60)
class JournalRotationTest {
  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final int ROTATIONS = 20;
  private static final int WRITERS = 4;

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("journal");
  }

  private Path rotated(int number) {
    return directory.resolve("journal." + number);
  }

  private static int append(Journal journal, Thread until) throws IOException {
    int count = 0;
    while (until.isAlive()) {
      journal.append("act", Map.of());
      count++;
    }
    return count;
  }

  private void rotate(Journal journal) {
    try {
      for (int number = 1; number <= ROTATIONS; number++) {
        Files.move(file, rotated(number));
        journal.reopen();
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void noLineIsLostUnderLoad() throws Exception {
    long lines = 1 + ROTATIONS;
    try (Journal journal = Journal.open(file, AMPLE)) {
      Thread rotation = new Thread(() -> rotate(journal));
      rotation.start();
      List<Background<Integer>> writers = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        writers.add(Background.start(() -> append(journal, rotation)));
      }
      for (Background<Integer> writer : writers) {
        lines += writer.get(AMPLE);
      }
    }
    List<JsonNode> all = new ArrayList<>();
    for (int number = 1; number <= ROTATIONS; number++) {
      all.addAll(JournalLines.read(rotated(number)));
    }
    all.addAll(JournalLines.read(file));
    assertEquals(
        LongStream.rangeClosed(1, lines).boxed().toList(),
        all.stream().map(line -> line.get("seq").asLong()).toList());
    assertEquals(1, all.stream().map(line -> line.get("instance")).distinct().count());
  }

  @Test
  void theNewFileSaysThatItWasOpenedAnew() throws Exception {
    try (Journal journal = Journal.open(file, AMPLE)) {
      Files.move(file, rotated(1));
      journal.reopen();
      JsonNode first = JournalLines.read(file).get(0);
      assertEquals("reopened", first.get("event").asText());
      assertEquals(ProcessHandle.current().pid(), first.get("pid").asLong());
      assertThrows(IOException.class, () -> Journal.open(file, AMPLE)); // it is still locked
    }
    Journal.open(file, AMPLE).close();
  }

  @Test
  void anotherFileBehindALinkIsLockedInstead() throws Exception {
    Path one = directory.resolve("one");
    Path other = directory.resolve("other");
    Files.createSymbolicLink(file, one);
    try (Journal journal = Journal.open(file, AMPLE)) {
      Files.delete(file);
      Files.createSymbolicLink(file, other);
      journal.reopen();
      assertThrows(IOException.class, () -> Journal.open(other, AMPLE));
      Journal.open(one, AMPLE).close();
    }
    Journal.open(other, AMPLE).close();
  }

  @Test
  void aPathThatCannotBeOpenedLeavesTheOldFile() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("folder"));
    Path within = folder.resolve("journal");
    try (Journal journal = Journal.open(within, AMPLE)) {
      Path moved = directory.resolve("moved");
      Files.move(folder, moved);
      assertThrows(IOException.class, journal::reopen);
      journal.append("act", Map.of());
      List<JsonNode> lines = JournalLines.read(moved.resolve("journal"));
      assertEquals("act", lines.get(lines.size() - 1).get("event").asText());
    }
  }

  @Test
  void aFifoInItsPlaceLeavesTheOldFile() throws Exception {
    try (Journal journal = Journal.open(file, AMPLE)) {
      Files.move(file, rotated(1));
      Fifo.make(file);
      IOException refused = assertThrows(IOException.class, journal::reopen);
      assertEquals(file + " is no regular file", refused.getMessage());
      journal.append("act", Map.of());
      assertEquals(List.of("opened", "act"), JournalLines.events(JournalLines.read(rotated(1))));
    }
  }

  @Test
  void aClosedJournalIsNotReopened() throws Exception {
    Journal journal = Journal.open(file, AMPLE);
    journal.close();
    IOException refused = assertThrows(IOException.class, journal::reopen);
    assertTrue(refused.getMessage().contains("closed"), refused.getMessage());
  }
}
