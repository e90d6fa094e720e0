package io.github.keepalive4j.testkit.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.JavaCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a JVM leaves that ends without closing its machines. */
@Timeout(60)
class EndOfProgramTest {
  @TempDir private Path directory;

  @AfterEach
  void killSurvivors() {
    survivors().forEach(ProcessHandle::destroyForcibly);
  }

  @Test
  void machinesStartedBeforeTheEndAreKilledAndTheirFilesDeleted() throws Exception {
    assertEquals("", run("before"));
    awaitNoSurvivors();
    assertEquals(List.of(), files());
  }

  @Test
  void noMachineStartsWhileTheProgramEnds() throws Exception {
    assertEquals("late is not started: this program is ending", run("during").strip());
    awaitNoSurvivors();
    assertEquals(List.of(), files());
  }

  private String run(String when) throws Exception {
    Process program =
        new ProcessBuilder(JavaCommand.of(EndingProgram.class, when, directory.toString()))
            .redirectErrorStream(true)
            .start();
    String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, program.waitFor(), output);
    return output;
  }

  /** A shell that is killed just after it forked leaves a child with its own command line. */
  private void awaitNoSurvivors() throws Exception {
    Eventually.await("no machine is left", () -> survivors().isEmpty());
  }

  private List<ProcessHandle> survivors() {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").contains(directory.toString()))
        .toList();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }
}
