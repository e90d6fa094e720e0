package io.github.keepalive4j;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Native;
import io.github.keepalive4j.support.ChildJvm;
import io.github.keepalive4j.support.Jdk;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application with the library that a container loads, runs and drops, again and again. */
@Tag("long")
class UnloadTest {
  private static final int ROUNDS = 100;

  /** Loading JNA takes longer than all else. */
  private static final int ROUNDS_WITH_JNA = 25;

  private static final Duration BUSY_MACHINE = Duration.ofMinutes(5);

  @TempDir Path folder;

  /**
   * With JNA on the container's class path and on the application's own, on the oldest and on the
   * newest JDK; side by side, for they wait for JNA's cleaner thread.
   */
  @Test
  void redeploymentsInAContainerLeaveNothing() throws Exception {
    String library = path(KeepaliveSocket.class) + File.pathSeparator + path(UnloadTest.class);
    String jna = path(Native.class);
    String withJna = library + File.pathSeparator + jna;
    try (ChildJvm sharedOn17 = container(17, ROUNDS, jna, library);
        ChildJvm sharedOn25 = container(25, ROUNDS, jna, library);
        ChildJvm ownOn17 = container(17, ROUNDS_WITH_JNA, folder.toString(), withJna);
        ChildJvm ownOn25 = container(25, ROUNDS_WITH_JNA, folder.toString(), withJna)) {
      assertAll(
          () -> assertNothing(sharedOn17),
          () -> assertNothing(sharedOn25),
          () -> assertNothing(ownOn17),
          () -> assertNothing(ownOn25));
    }
    try (Stream<Path> unpacked = Files.list(folder)) {
      assertEquals(List.of(), unpacked.toList());
    }
  }

  @Test
  void theShimIsUnloadedAndLoadedAgainUnderManyThreads() throws Exception {
    try (ChildJvm program = ChildJvm.start(RebindProgram.class)) {
      assertEquals("NATIVE 400", program.readLine(BUSY_MACHINE));
    }
  }

  /** The first of 64 cycles is the trial that chooses the transport. */
  @Test
  void theShimStaysLoadedAfter64Cycles() throws Exception {
    try (ChildJvm program = ChildJvm.start(BindingsProgram.class)) {
      assertEquals("63", program.readLine(BUSY_MACHINE));
    }
  }

  private ChildJvm container(int version, int rounds, String shared, String application)
      throws Exception {
    return ChildJvm.start(
        Jdk.home(version),
        List.of(),
        UnloadContainer.class,
        "-Xmx256m",
        "-XX:TieredStopAtLevel=1", // a round is too short for the other compiler
        "-XX:SoftRefLRUPolicyMSPerMB=0", // the JDK's caches keep the last application softly
        "-Djna.tmpdir=" + folder,
        "-D" + UnloadContainer.ROUNDS + "=" + rounds,
        "-D" + UnloadContainer.SHARED + "=" + shared,
        "-D" + UnloadContainer.APPLICATION + "=" + application);
  }

  private static void assertNothing(ChildJvm container) throws Exception {
    String line = container.readLine(BUSY_MACHINE);
    List<Long> left = Arrays.stream(line.split(" ")).map(Long::valueOf).toList();
    String message = "loaders, threads, descriptors, libraries left: " + left;
    assertEquals(0, left.get(0), message);
    assertTrue(left.stream().allMatch(more -> more <= 0), message);
  }

  private static String path(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }
}
