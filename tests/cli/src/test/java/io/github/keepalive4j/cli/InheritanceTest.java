package io.github.keepalive4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands that the user names inherit: standard input, output, error, and no more. */
class InheritanceTest {
  private static final List<String> STANDARD = List.of("0", "1", "2");

  @TempDir Path folder;

  @Test
  void theCommandsInheritNoDescriptor() throws Exception {
    Path ofHealth = folder.resolve("health");
    Path ofFailover = folder.resolve("failover");
    try (Sources.Listening source =
            Sources.listening(
                Keepalive.run(
                    "serve",
                    "--bind",
                    "127.0.0.1",
                    "--port",
                    "0",
                    "--metrics",
                    "0",
                    "--json",
                    "--health-interval",
                    "2s",
                    "--health",
                    listTo(ofHealth)));
        Keepalive backup =
            Keepalive.run(
                "watch",
                source.address(),
                "--metrics",
                "0",
                "--json",
                "--detect-within",
                "1s",
                "--on-failover",
                listTo(ofFailover))) {
      backup.awaitEvent("up");
      source.process().awaitEvent("connected");
      Files.deleteIfExists(ofHealth);
      while (!Files.exists(ofHealth)) { // a run with the backup connected
        Thread.onSpinWait();
      }
      assertEquals(STANDARD, Files.readAllLines(ofHealth));
      source.process().kill();
      assertEquals(0, backup.awaitEnd(), backup::output);
      assertEquals(STANDARD, Files.readAllLines(ofFailover));
    }
  }

  /** The shell's own, unless it redirects its own output; moved into place when complete. */
  private static String listTo(Path file) {
    return "(ls /proc/$$/fd > " + file + ".new) && mv " + file + ".new " + file;
  }
}
