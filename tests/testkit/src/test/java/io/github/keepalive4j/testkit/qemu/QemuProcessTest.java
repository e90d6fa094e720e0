package io.github.keepalive4j.testkit.qemu;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class QemuProcessTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir private Path directory;

  @Test
  void runsACountingGuest() throws Exception {
    Needs.qemu();
    try (QemuProcess machine = QemuProcess.builder("a,b", directory).start()) {
      awaitGuest(machine);
      long[] counts = CountingGuest.counts(machine.serial()).toArray();
      for (int i = 0; i < counts.length; i++) {
        assertEquals(i + 1, counts[i]);
      }
    }
  }

  @Test
  @SuppressWarnings("try") // closes by hand
  void closeLeavesNoProcessAndNoFile() throws Exception {
    Needs.qemu();
    try (QemuProcess machine = QemuProcess.builder("a,b", directory).start()) {
      awaitGuest(machine);
      machine.close();
      assertFalse(machine.process().isAlive());
      assertEquals(List.of(), files());
    }
  }

  @Test
  void aMissingProgramLeavesNoFile() throws Exception {
    QemuProcess.Builder builder = QemuProcess.builder("none", directory).program("no-such-qemu");
    assertThrows(IOException.class, builder::start);
    assertEquals(List.of(), files());
  }

  @Test
  void keepsWhatQemuWrote() throws Exception {
    Needs.qemu();
    QemuProcess.Builder builder =
        QemuProcess.builder("wrong", directory).arguments("-no-such-option");
    try (QemuProcess machine = builder.start()) {
      machine.process().waitFor();
      assertTrue(machine.log().contains("no-such-option"), machine.log());
    }
  }

  @Test
  void refusesAPathTooLongForASocket() {
    Path deep = directory.resolve("x".repeat(120));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> QemuProcess.builder("a", deep));
    assertTrue(e.getMessage().endsWith("must be between 1 and 107"), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void refusesABlankName(String name) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> QemuProcess.builder(name, directory));
    assertEquals("name: '" + name + "', must not be blank", e.getMessage());
  }

  @Test
  void acceptsMemoryWithinItsRangeOnly() {
    QemuProcess.Builder builder = QemuProcess.builder("vm", directory);
    assertDoesNotThrow(() -> builder.memoryMib(2));
    assertDoesNotThrow(() -> builder.memoryMib(65_536));
    for (int mib : new int[] {1, 65_537}) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> builder.memoryMib(mib));
      assertEquals("memoryMib: " + mib + ", must be between 2 and 65536", e.getMessage());
    }
  }

  /** Waits for the QMP socket and the guest's second line. */
  private static void awaitGuest(QemuProcess machine) throws Exception {
    Eventually.await(
        "a QMP socket and two lines",
        LIMIT,
        () -> {
          assertTrue(machine.process().isAlive(), machine.log());
          return Files.exists(machine.qmp().getPath())
              && CountingGuest.counts(machine.serial()).count() >= 2;
        });
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }
}
