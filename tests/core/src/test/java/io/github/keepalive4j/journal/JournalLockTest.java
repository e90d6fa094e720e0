package io.github.keepalive4j.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Journal;
import io.github.keepalive4j.support.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One instance has a journal open, however often others try, in its process and in another. */
@Timeout(60)
class JournalLockTest {
  @TempDir private Path directory;

  @Test
  void anotherProcessIsRefusedWhateverTheHolderDoesWithTheFile() throws Exception {
    Path file = directory.resolve("journal");
    try (ChildJvm holder = ChildJvm.start(JournalHolder.class, "-Dfile=" + file)) {
      assertEquals("open", holder.readLine());
      assertRefused(file);
      assertEquals("this process has the journal " + file + " open already", again(holder));
      assertRefused(file);
      assertEquals("this process has the journal " + file + " open already", again(holder));
      assertEquals(
          "this process has the journal " + file + " open already",
          holder.ask("open by another class loader"));
      assertRefused(file);
      assertEquals("1", holder.ask("read"));
      assertRefused(file);
      assertEquals("closed", holder.ask("close"));
      Journal.open(file).close();
    }
    List<String> events = JournalLines.events(JournalLines.read(file));
    assertEquals(List.of("opened", "opened"), events);
  }

  private static String again(ChildJvm holder) throws Exception {
    return holder.ask("open again");
  }

  private static void assertRefused(Path file) {
    String message = assertThrows(IOException.class, () -> Journal.open(file).close()).getMessage();
    assertEquals("another process has the journal " + file + " open", message);
  }

  @Test
  void aKillFreesTheLock() throws Exception {
    Path file = directory.resolve("journal");
    try (ChildJvm holder = ChildJvm.start(JournalHolder.class, "-Dfile=" + file)) {
      assertEquals("open", holder.readLine());
      holder.kill();
      Journal.open(file).close();
    }
  }

  @Test
  void anotherNameOfTheFileIsRefusedToo() throws Exception {
    Path file = directory.resolve("journal");
    Path link = directory.resolve("link");
    try (Journal journal = Journal.open(file)) {
      Files.createSymbolicLink(link, file);
      String message =
          assertThrows(IOException.class, () -> Journal.open(link).close()).getMessage();
      assertTrue(message.contains(link + " open already"), message);
      journal.append("act", Map.of());
    }
    Journal.open(link).close();
  }

  @Test
  void aSecondCloseLeavesTheNextInstanceItsLock() throws Exception {
    Path file = directory.resolve("journal");
    Journal first = Journal.open(file);
    first.close();
    try (Journal second = Journal.open(file)) {
      first.close();
      assertThrows(IOException.class, () -> Journal.open(file).close());
      second.append("act", Map.of());
    }
  }
}
