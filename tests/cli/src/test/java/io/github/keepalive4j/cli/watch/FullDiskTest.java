package io.github.keepalive4j.cli.watch;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.FreezableDisk;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Events that go to a file on a disk that is full for a while. */
@Timeout(60)
@SuppressWarnings("try") // a command that is ended before its output is read
class FullDiskTest {
  private static final int BLOCK = 4_096; // or a part of it

  @Test
  void anEventThatIsTornDoesNotSpoilTheNext() throws Exception {
    try (FreezableDisk disk = FreezableDisk.open();
        FailingSource source = new FailingSource()) {
      Path events = disk.resolve("events");
      Path filler = disk.resolve("filler");
      Files.writeString(events, "\n".repeat(BLOCK - 100)); // room for a part of an event
      fill(filler);
      try (Keepalive backup = watch(source, events)) {
        source.accept();
        Eventually.await("a torn event", () -> Files.size(events) == BLOCK);
        Files.delete(filler);
        source.failAll();
        source.accept();
        Eventually.await("another up", () -> has(events, "\"up\""));
        backup.close();
      }
      assertTrue(has(events, "\"failover\""), () -> text(events));
    }
  }

  /** Takes all space, also what the file system gives back once it has written. */
  private static void fill(Path filler) throws IOException {
    try (FileOutputStream file = new FileOutputStream(filler.toFile())) {
      for (int round = 0; round < 3; round++) {
        fill(file);
        file.getFD().sync();
      }
    }
  }

  private static void fill(OutputStream file) {
    byte[] block = new byte[1_024];
    try {
      while (true) {
        file.write(block);
      }
    } catch (IOException full) {
      return;
    }
  }

  private static Keepalive watch(FailingSource source, Path events) throws IOException {
    List<String> command =
        Keepalive.command("watch", "127.0.0.1:" + source.address().getPort(), "--json", "--rearm");
    return Keepalive.start(
        List.of("sh", "-c", "exec " + String.join(" ", command) + " >> " + events));
  }

  /** Tells whether there is a whole line for an event of this type. */
  private static boolean has(Path events, String type) throws IOException {
    return Files.readAllLines(events).stream()
        .anyMatch(line -> line.startsWith("{\"event\":" + type) && line.endsWith("}"));
  }

  private static String text(Path events) {
    try {
      return Files.readString(events).strip();
    } catch (IOException e) {
      return e.toString();
    }
  }
}
