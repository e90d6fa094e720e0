package io.github.keepalive4j.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.AbstractClaim;
import io.github.keepalive4j.internal.process.ProcessTree;
import io.github.keepalive4j.support.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** Waits until the process has opened its end of the pipe; its loader has other files open. */
  private static void awaitReady(ProcessHandle process) throws Exception {
    Path end = Path.of("/proc/" + process.pid() + "/fd/3");
    Eventually.await(
        "a process that waits",
        () -> Files.exists(end) && Files.readSymbolicLink(end).toString().startsWith("pipe:"));
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

  @Test
  void aCommandWhoseLeaseFindsNoThreadLeavesNoProcess() throws Exception {
    String name = "unleased-" + ProcessHandle.current().pid();
    try (UserCommand command = new UserCommand(": " + name + "; touch " + ran(), false)) {
      command.arm(true, Duration.ofSeconds(1));
      List<ProcessHandle> armed = named(name);
      assertEquals(1, armed.size());
      awaitReady(armed.get(0));
      List<ProcessHandle> before = ProcessHandle.current().descendants().toList();
      assertThrows(
          OutOfMemoryError.class,
          () -> command.startOn(new Threadless(), Map.of(), Duration.ofSeconds(1)));
      Eventually.await("no process", () -> before.stream().noneMatch(ArmedProcessTest::isOurs));
      assertEquals(List.of(), named(name));
      assertFalse(Files.exists(ran()));
    }
  }

  /** It may be armed on another thread at that moment. */
  @Test
  void nothingWaitsOnceTheCommandIsClosed() throws Exception {
    String name = "closed-" + ProcessHandle.current().pid();
    UserCommand command = new UserCommand(": " + name, false);
    command.close();
    command.arm(false, Duration.ZERO);
    Eventually.await("no process", () -> named(name).isEmpty());
  }

  /** A lack of threads while the command's lease begins. */
  private static final class Threadless extends AbstractClaim {
    @Override
    public String description() {
      return "threadless";
    }

    @Override
    protected void giveUp() {}

    @Override
    public Optional<Duration> leaseLeft() {
      throw new OutOfMemoryError("unable to create native thread");
    }
  }

  private static List<ProcessHandle> named(String name) {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> commandLine(process).contains(name))
        .toList();
  }

  /** The command's process and its supervisor are shells. */
  private static boolean isOurs(ProcessHandle process) {
    return commandLine(process).startsWith("sh");
  }

  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
    } catch (IOException e) {
      return ""; // it has ended
    }
  }
}
