package io.github.keepalive4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.internal.process.ProcessTree;
import io.github.keepalive4j.support.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process of a command runs it if it is told to by its own pipe, and never else. */
class ArmedProcessTest {
  private static final long END_S = 10;

  @TempDir Path folder;

  private Path ran() {
    return folder.resolve("ran");
  }

  /** The pipe's number may be another file's, or the path another process's. */
  @Test
  void aLineOfAnotherFileRunsNothing() throws Exception {
    Path other = folder.resolve("other");
    Files.writeString(other, "touch " + folder.resolve("line") + "; true\nsecond line\n");
    UserCommand command = new UserCommand("touch " + ran(), false);
    ProcessTree tree = command.startWhenTold(Confines.none(), other.toString());
    assertTrue(tree.head().waitFor(END_S, TimeUnit.SECONDS));
    assertFalse(Files.exists(folder.resolve("line")));
    assertFalse(Files.exists(ran()));
  }

  @Test
  void itsOwnLineRunsTheCommandWithItsEnvironment() throws Exception {
    Path own = folder.resolve("own");
    Confines confines = Confines.none();
    Files.writeString(own, confines.mark() + " export A='a  b'; export B=' '\n");
    UserCommand command = new UserCommand("echo \"[$A][$B]${KEEPALIVE4J_TO-}\" > " + ran(), false);
    ProcessTree tree = command.startWhenTold(confines, own.toString());
    assertTrue(tree.head().waitFor(END_S, TimeUnit.SECONDS));
    assertEquals(List.of("[a  b][ ]"), Files.readAllLines(ran()));
  }

  /** Another process runs in its place by then. */
  @Test
  void aProcessThatIsntReadyIsKilled() throws Exception {
    ArmedCommand armed = ArmedCommand.arm(ArmedProcessTest::neverReady);
    try {
      assertThrows(IOException.class, () -> armed.release(Map.of()));
      assertDies(armed);
    } finally {
      armed.close();
    }
  }

  @Test
  void aProcessThatIsntReadyEndsWithItsWatch() throws Exception {
    ArmedCommand armed = ArmedCommand.arm(ArmedProcessTest::neverReady);
    armed.close();
    assertDies(armed);
  }

  private static ProcessTree neverReady(Confines confines, String path) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("sleep", Long.toString(2 * END_S));
    return ProcessTree.start(builder, Confines.VARIABLE, confines.mark(), confines.cgroup());
  }

  private static void assertDies(ArmedCommand armed) throws Exception {
    Eventually.await("the end of the process", () -> !armed.isAlive());
  }

  /** Waits until the process has opened its end of the pipe. */
  private static void awaitReady(ProcessHandle process) throws Exception {
    Path end = Path.of("/proc/" + process.pid() + "/fd/3");
    Eventually.await("a process that waits", () -> Files.exists(end));
  }

  /** As without a process that waits. */
  @Test
  void anyValueArrivesUnchanged() throws Exception {
    StringBuilder value = new StringBuilder("\n");
    for (char c = 1; c <= 0x180; c++) {
      value.append(c).append(' ');
    }
    value.append("'\\\n\n\r $(:) \t\n");
    UserCommand command = new UserCommand("printf %s \"$VALUE\" > " + ran(), false);
    try (ArmedCommand armed = ArmedCommand.arm(command::startWhenTold)) {
      awaitReady(armed.process());
      ProcessTree tree = armed.release(Map.of("VALUE", value.toString()));
      assertTrue(tree.head().waitFor(END_S, TimeUnit.SECONDS));
    }
    assertEquals(value.toString(), Files.readString(ran()));
  }
}
