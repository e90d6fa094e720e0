package io.github.keepalive4j.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class QemuProcessTest {

  @Test
  @SuppressWarnings("try") // closes by hand
  void leavesNothingBehind() throws Exception {
    try (QemuLab lab = new QemuLab()) {
      QemuProcess machine = lab.start(lab.builder("a,b"));
      lab.connect(machine);
      QemuLab.awaitCount(machine, 2);
      long[] counts = CountingGuest.counts(machine.serial()).toArray();
      for (int i = 0; i < counts.length; i++) {
        assertEquals(i + 1, counts[i]);
      }
      machine.close();
      assertFalse(machine.process().isAlive());
      assertEquals(List.of(), files(lab.file("")));
    }
  }

  @Test
  void aProgramThatIsMissingLeavesNothingBehind() throws Exception {
    try (QemuLab lab = new QemuLab()) {
      QemuProcess.Builder builder = lab.builder("none").program("no-such-qemu");
      assertThrows(IOException.class, () -> lab.start(builder));
      assertEquals(List.of(), files(lab.file("")));
    }
  }

  @Test
  void keepsWhatQemuSaid() throws Exception {
    try (QemuLab lab = new QemuLab()) {
      QemuProcess machine = lab.start(lab.builder("wrong").arguments("-no-such-option"));
      machine.process().waitFor();
      assertTrue(machine.log().contains("no-such-option"), machine.log());
    }
  }

  @Test
  void refusesAPathTooLongForASocket() {
    Path deep = Path.of("/tmp", "x".repeat(120));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> QemuProcess.builder("a", deep));
    assertTrue(e.getMessage().endsWith("must be between 1 and 107"), e.getMessage());
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }
}
