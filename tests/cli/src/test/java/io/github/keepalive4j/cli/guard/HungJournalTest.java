package io.github.keepalive4j.cli.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.EventLine;
import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.internal.AddressText;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.FreezableDisk;
import io.github.keepalive4j.zookeeper.HistoryEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A backup whose journal is on a disk that hangs. */
@Timeout(60)
class HungJournalTest {
  @TempDir private Path folder;
  private FreezableDisk disk;
  private Path journal;

  @BeforeEach
  void open() throws Exception {
    disk = FreezableDisk.open();
    journal = disk.resolve("journal");
  }

  @AfterEach
  void close() throws Exception {
    disk.close();
  }

  /** Watches a source, with the journal; returns once the link is up. */
  private Keepalive watch(FailingSource source, String... more)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("watch", AddressText.of(source.address())));
    command.addAll(List.of("--json", "--journal", journal.toString()));
    command.addAll(List.of(more));
    Keepalive backup = Keepalive.run(command.toArray(String[]::new));
    source.accept();
    backup.awaitEvent("up");
    return backup;
  }

  private List<String> record() throws IOException {
    return HistoryEvent.read(journal).stream().map(event -> event.text("event")).toList();
  }

  @Test
  void itTakesOverAndSaysWhatIsNotOnRecord() throws Exception {
    Path ran = folder.resolve("ran");
    try (FailingSource source = new FailingSource();
        Keepalive backup =
            watch(source, "--journal-timeout", "300ms", "--on-failover", "touch " + ran)) {
      Eventually.await("the link armed", () -> record().contains("armed"));
      disk.freeze();
      source.failAll();
      assertEquals("verdict", backup.awaitEvent("journal-late").text("line"));
      Eventually.await("the command", () -> Files.exists(ran));
      EventLine error = backup.awaitEvent("error");
      String expected = "the journal's disk hangs: lines 3 to 6 aren't on it";
      assertEquals(expected, error.text("message"));
      disk.thaw(); // no process that writes to it ends before
      assertEquals(0, backup.awaitEnd(), backup::output);
      assertEquals(
          List.of("verdict", "granted", "callback-begin", "callback-end"),
          backup.events("journal-late").stream().map(event -> event.text("line")).toList());
      assertTrue(backup.eventTypes().contains("failover"), backup::output);
    }
  }

  @Test
  void aTakeoverAfterAConfirmationIsASuccessWhereTheDiskHangs() throws Exception {
    try (FailingSource source = new FailingSource();
        Keepalive backup = watch(source, "--confirm", "2s", "--on-failover", "exit 0")) {
      source.vanish();
      try (FailingSource again = new FailingSource(source.address())) {
        again.accept();
        backup.awaitEvent("up", 2);
        disk.freeze();
        again.vanish();
        backup.awaitEvent("failover");
        Eventually.await("the last late line", () -> isLate(backup, "callback-end"));
      }
      disk.thaw();
      assertEquals(0, backup.awaitEnd(), backup::output);
    }
  }

  private static boolean isLate(Keepalive backup, String line) {
    return backup.events("journal-late").stream().anyMatch(late -> late.text("line").equals(line));
  }

  @Test
  void aSignalLetsItWriteWhatIsLeft() throws Exception {
    Path runs = folder.resolve("runs");
    try (FailingSource source = new FailingSource();
        Keepalive backup =
            watch(source, "--journal-timeout", "5s", "--on-failover", runWhileThereIs(runs))) {
      Eventually.await("the link armed", () -> record().contains("armed"));
      disk.freeze();
      source.failAll();
      Eventually.await("the command", () -> Files.exists(runs));
      backup.signal("TERM");
      disk.thaw();
      Eventually.await("its end", () -> ProcessHandle.of(backup.pid()).isEmpty());
      Files.delete(runs);
    }
    assertTrue(record().contains("callback-begin"));
  }

  @Test
  void aSignalLetsItSayWhatIsNotOnRecord() throws Exception {
    Path runs = folder.resolve("runs");
    try (FailingSource source = new FailingSource();
        Keepalive backup = watch(source, "--on-failover", runWhileThereIs(runs))) {
      Eventually.await("the link armed", () -> record().contains("armed"));
      disk.freeze();
      source.failAll();
      Eventually.await("the command", () -> Files.exists(runs));
      backup.signal("TERM");
      String message = backup.awaitEvent("error").text("message");
      assertTrue(message.startsWith("the journal's disk hangs: lines "), message);
      disk.thaw();
      Eventually.await("its end", () -> ProcessHandle.of(backup.pid()).isEmpty());
      Files.delete(runs);
    }
  }

  /** The command outlives the backup. It ends with this file, or with its folder. */
  private static String runWhileThereIs(Path file) {
    return "touch " + file + "; while test -e " + file + "; do sleep 0.1; done";
  }
}
