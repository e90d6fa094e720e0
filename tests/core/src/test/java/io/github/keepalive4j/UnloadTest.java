package io.github.keepalive4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Native;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application with the library that a container loads and drops. */
class UnloadTest {
  private static final int ROUNDS = 100;
  private static final Duration BUSY_MACHINE = Duration.ofMinutes(2);

  /** A round that leaked its classes would take more than 1 MiB. */
  private static final long METASPACE_SLACK_KIB = 1024;

  private static final long CLASSES_SLACK = 200;

  @TempDir Path folder;

  /**
   * With JNA on the container's class path, as it asks for itself: its own cleaner thread never
   * lets go of the loader that JNA was loaded by.
   */
  @Test
  void aHundredLivesLeaveNothingBehind() throws Exception {
    List<Long> left = left(ROUNDS);
    assertEquals(0, left.get(0), "loaders: " + left);
    assertEquals(0, left.get(1), "threads: " + left);
    assertEquals(0, left.get(2), "descriptors: " + left);
    assertTrue(left.get(3) < CLASSES_SLACK, "classes: " + left);
    assertTrue(left.get(4) < METASPACE_SLACK_KIB, "KiB of Metaspace: " + left);
    assertTrue(left.get(5) <= 1, "native libraries: " + left); // JNA unmaps the last one late
    try (Stream<Path> unpacked = Files.list(folder)) {
      assertEquals(List.of(), unpacked.toList());
    }
  }

  private List<Long> left(int rounds) throws Exception {
    String application = path(KeepaliveSocket.class) + File.pathSeparator + path(UnloadTest.class);
    try (ChildJvm container =
        ChildJvm.start(
            UnloadProgram.class,
            "-Djna.tmpdir=" + folder,
            "-D" + UnloadProgram.ROUNDS + "=" + rounds,
            "-D" + UnloadProgram.SHARED + "=" + path(Native.class),
            "-D" + UnloadProgram.APPLICATION + "=" + application)) {
      return Arrays.stream(container.readLine(BUSY_MACHINE).split(" ")).map(Long::valueOf).toList();
    }
  }

  private static String path(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }
}
