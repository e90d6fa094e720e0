package io.github.keepalive4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.ThreadShortageProgram.What;
import io.github.keepalive4j.support.ChildJvm;
import io.github.keepalive4j.support.Needs;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A process that can start no thread: callbacks that are queued for one are not left behind, and
 * what needs one to open leaves nothing open.
 */
class ThreadShortageTest {
  /** Holds about 50 stacks of this size. */
  private static final String ADDRESS_SPACE = "--as=" + (4L << 30);

  private static final String STACK = "-Xss64m";

  private static ChildJvm start(What what) throws Exception {
    Needs.program("prlimit");
    return ChildJvm.start(
        List.of("prlimit", ADDRESS_SPACE),
        ThreadShortageProgram.class,
        STACK,
        "-Xmx64m",
        "-XX:+UseSerialGC",
        "-XX:CompressedClassSpaceSize=64m",
        "-Xlog:disable",
        "-D" + ThreadShortageProgram.WHAT + "=" + what);
  }

  @Test
  void strandedTasksGetThreadsOnceThereAreSome() throws Exception {
    try (ChildJvm child = start(What.SHORT_FOR_A_WHILE)) {
      assertStranded(child);
      assertEquals(
          "[second on a thread of its own, third on a thread of its own]", child.readLine());
    }
  }

  @Test
  void strandedTasksAreOverdueWhereThereIsNoThread() throws Exception {
    try (ChildJvm child = start(What.SHORT_FOR_EVER)) {
      assertStranded(child);
      assertEquals("[second as overdue, third as overdue]", child.readLine());
    }
  }

  private static void assertStranded(ChildJvm child) throws Exception {
    assertEquals("no more threads: true", child.readLine());
    assertEquals("called for help: true", child.readLine());
    assertEquals("stranded: true, told []", child.readLine());
  }

  @Test
  void noFailoverWaitsForAnothersCallback() throws Exception {
    try (ChildJvm child = start(What.LINKS_FAIL)) {
      assertEquals("no more threads: true", child.readLine());
      assertEquals("all called", child.readLine());
    }
  }

  @Test
  void whatCannotStartItsThreadLeavesNothingOpen() throws Exception {
    Needs.program("prlimit");
    try (ChildJvm child =
        ChildJvm.start(ThreadlessProgram.class, "-Xss512m", "-XX:+UseSerialGC", "-Xlog:disable")) {
      assertEquals("monitor: 0 left open", child.readLine());
      assertEquals("server: 0 left open", child.readLine());
      assertEquals("standby: 0 left open", child.readLine());
      assertEquals("standby of a monitor: 0 left open", child.readLine());
      assertEquals("warm-up: 0 left open", child.readLine());
      assertEquals("ARMED", child.readLine());
      assertEquals(0, child.awaitExit());
    }
  }
}
