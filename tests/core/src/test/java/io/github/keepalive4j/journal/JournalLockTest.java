package io.github.keepalive4j.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Journal;
import io.github.keepalive4j.Transport;
import io.github.keepalive4j.support.ChildJvm;
import io.github.keepalive4j.support.Descriptors;
import io.github.keepalive4j.support.Preload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One instance has a journal open, however often others try, in its process and in another. */
@Timeout(60)
class JournalLockTest {
  private static final Duration AMPLE = Duration.ofSeconds(30); // a slow disk bears it

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
    try (Journal journal = Journal.open(file, AMPLE)) {
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
    try (Journal second = Journal.open(file, AMPLE)) {
      first.close();
      assertThrows(IOException.class, () -> Journal.open(file).close());
      second.append("act", Map.of());
    }
  }

  @Test
  void aFileThatWasRenamedMeanwhileIsRefused() throws Exception {
    Path file = directory.resolve("journal");
    Path renamed = directory.resolve("renamed");
    try (ChildJvm holder = ChildJvm.start(JournalHolder.class, "-Dfile=" + file)) {
      assertEquals("open", holder.readLine());
      Files.move(file, renamed);
      assertRefusedUnderAnotherName(renamed);
      assertEquals("1", holder.ask("read " + renamed)); // closes a descriptor of the file
      assertRefusedUnderAnotherName(renamed);
      assertEquals("reopened", holder.ask("reopen"));
      Journal.open(renamed).close();
      assertRefused(file);
      assertEquals("reopened", holder.ask("reopen")); // the same file again
      Path link = Files.createLink(directory.resolve("link"), file);
      assertRefusedUnderAnotherName(link);
      holder.kill();
      Journal.open(link).close();
    }
  }

  private static void assertRefusedUnderAnotherName(Path file) {
    String message = assertThrows(IOException.class, () -> Journal.open(file).close()).getMessage();
    assertEquals("the journal " + file + " is open already, under another name", message);
  }

  @Test
  void aHardLinkIsRefusedInTheSameProcess() throws Exception {
    Path file = directory.resolve("journal");
    Path link = directory.resolve("link");
    int descriptors = Descriptors.count();
    try (Journal journal = Journal.open(file, AMPLE)) {
      Files.createLink(link, file);
      assertRefusedUnderAnotherName(link);
      journal.append("act", Map.of());
    }
    Journal.open(link).close();
    Descriptors.assertBackTo(descriptors);
    assertEquals(List.of("opened", "act", "opened"), JournalLines.events(JournalLines.read(file)));
  }

  @Test
  void onTheJdkAloneAnotherPathIsAnotherFile() throws Exception {
    Path file = directory.resolve("journal");
    try (ChildJvm holder =
        ChildJvm.start(JournalHolder.class, "-Dfile=" + file, "-D" + Transport.PROPERTY + "=jdk")) {
      assertLockedByNameAlone(holder, file);
    }
  }

  @Test
  void withoutLocksOfTheFileSystemAnotherPathIsAnotherFile() throws Exception {
    Path file = directory.resolve("journal");
    List<String> withoutLocks = Preload.compile("no_flock", directory).command();
    try (ChildJvm holder =
        ChildJvm.start(
            withoutLocks,
            JournalHolder.class,
            "-Dfile=" + file,
            "-XX:-UsePerfData")) { // for which the JVM itself takes a lock
      assertLockedByNameAlone(holder, file);
    }
  }

  private void assertLockedByNameAlone(ChildJvm holder, Path file) throws Exception {
    assertEquals("open", holder.readLine());
    assertRefused(file);
    Path link = Files.createLink(directory.resolve("link"), file);
    Journal.open(link).close();
  }
}
