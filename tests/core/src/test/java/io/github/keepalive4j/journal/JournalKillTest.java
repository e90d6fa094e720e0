package io.github.keepalive4j.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.keepalive4j.Journal;
import io.github.keepalive4j.support.ChildJvm;
import io.github.keepalive4j.support.JavaCommand;
import io.github.keepalive4j.support.Preload;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A journal whose writer is killed, and one that is cut at each of its bytes. */
@Timeout(120)
class JournalKillTest {
  private static final int KILLS = Integer.getInteger("keepalive4j.kills", 5);

  @TempDir private Path directory;

  /** What opens it syncs the directory, too: else a power failure might take the whole file. */
  @Test
  void aJournalWhoseDirectoryCannotBeSyncedIsNotOpened() throws Exception {
    List<String> failing = Preload.compile("no_directory_sync", directory).command();
    String file = "-Dfile=" + directory.resolve("journal");
    try (ChildJvm holder = ChildJvm.start(failing, JournalHolder.class, file)) {
      assertNull(holder.readLine());
      assertEquals(1, holder.awaitExit());
    }
  }

  @Test
  void whatWasAnnouncedIsThereAfterAKill() throws Exception {
    Path file = directory.resolve("journal");
    Random random = new Random(1);
    List<Long> announced = new ArrayList<>();
    for (int kill = 0; kill < KILLS; kill++) {
      announced.add(writeUntilKilled(file, 2 + random.nextInt(300)));
    }
    List<JsonNode> lines = JournalLines.read(file);
    List<String> instances =
        lines.stream().map(line -> line.get("instance").asText()).distinct().toList();
    assertEquals(KILLS, instances.size());
    Map<String, Long> last = new HashMap<>();
    for (JsonNode line : lines) {
      String instance = line.get("instance").asText();
      long seq = line.get("seq").asLong();
      assertEquals(last.getOrDefault(instance, 0L) + 1, seq);
      last.put(instance, seq);
    }
    for (int kill = 0; kill < KILLS; kill++) {
      assertTrue(last.get(instances.get(kill)) >= announced.get(kill) + 1);
    }
  }

  /** Returns the last line that the writer said was there, of which there is one. */
  private static long writeUntilKilled(Path file, int lines) throws Exception {
    Process writer =
        new ProcessBuilder(
                JavaCommand.of(
                    List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1"),
                    JournalWriter.class,
                    file.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader announced = writer.inputReader()) {
      for (int line = 1; line < lines; line++) {
        announced.readLine();
      }
      writer.toHandle().destroyForcibly(); // which leaves the pipe open
      long last = 0;
      for (String line = announced.readLine(); line != null; line = announced.readLine()) {
        last = Long.parseLong(line);
      }
      assertTrue(writer.waitFor(10, TimeUnit.SECONDS));
      return Math.max(last, lines - 1);
    } finally {
      writer.destroyForcibly();
    }
  }

  @Test
  void aJournalCutAtAnyByteIsReadableAndGoesOn() throws Exception {
    Path whole = directory.resolve("whole");
    try (Journal journal = Journal.open(whole, Duration.ofSeconds(30))) {
      journal.append("act", Map.of("text", "\u00e9\ud83d\ude00\n"));
    }
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = directory.resolve("cut");
    for (int length = 0; length <= bytes.length; length++) {
      Files.write(cut, Arrays.copyOf(bytes, length));
      int intact = JournalLines.read(cut).size();
      try (Journal journal = Journal.open(cut, Duration.ofSeconds(30))) {
        journal.append("after", Map.of());
      }
      List<String> events = JournalLines.events(JournalLines.read(cut));
      assertEquals(intact + 2, events.size(), "cut at " + length);
      assertEquals(List.of("opened", "after"), events.subList(intact, intact + 2));
    }
  }
}
