package io.github.keepalive4j.cli.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.zookeeper.HistoryEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A journal that logrotate renames, with kill -HUP afterwards. */
@Timeout(60)
class JournalHangupTest {
  @TempDir private Path folder;

  private static List<String> events(Path journal) throws IOException {
    return HistoryEvent.read(journal).stream().map(event -> event.text("event")).toList();
  }

  @Test
  void aHangupOpensTheJournalAnew() throws Exception {
    Path journal = folder.resolve("journal-1");
    Path rotated = folder.resolve("journal-1.1");
    try (FailingSource source = new FailingSource();
        Keepalive backup = new Guarded(folder).watch(source)) {
      Eventually.await("the link armed", () -> events(journal).contains("armed"));
      Files.move(journal, rotated);
      backup.signal("HUP");
      Eventually.await(
          "the journal anew", () -> Files.exists(journal) && events(journal).size() == 1);
      source.failAll();
      assertEquals(0, backup.awaitEnd(), backup::output);
    }
    assertEquals(List.of("opened", "armed"), events(rotated));
    assertEquals(
        List.of("reopened", "verdict", "granted", "callback-begin", "callback-end"),
        events(journal));
  }

  @Test
  void withoutAJournalAHangupEndsIt() throws Exception {
    try (Keepalive source =
        Keepalive.run("serve", "--bind", "127.0.0.1", "--port", "0", "--json")) {
      source.awaitEvent("listening");
      source.signal("HUP");
      assertEquals(128 + 1, source.awaitEnd(), source::output);
    }
  }

  @Test
  void aJournalThatCannotBeOpenedAnewIsToldOf() throws Exception {
    Path within = Files.createDirectory(folder.resolve("within"));
    String journal = within.resolve("journal").toString();
    try (Keepalive source =
        Keepalive.run(
            "serve", "--bind", "127.0.0.1", "--port", "0", "--json", "--journal", journal)) {
      source.awaitEvent("listening");
      Files.move(within, folder.resolve("moved"));
      source.signal("HUP");
      String message = source.awaitEvent("error").text("message");
      assertEquals("not reopened: " + journal + " (No such file or directory)", message);
      source.signal("TERM");
      assertEquals(128 + 15, source.awaitEnd(), source::output);
    }
  }
}
