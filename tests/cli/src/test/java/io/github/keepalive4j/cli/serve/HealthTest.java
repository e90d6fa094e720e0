package io.github.keepalive4j.cli.serve;

import static io.github.keepalive4j.support.ProcessState.isRunning;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.cli.Sources;
import io.github.keepalive4j.support.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A source that is as healthy as a command says. */
@Timeout(120)
class HealthTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path folder;

  private Path well() {
    return folder.resolve("well");
  }

  private Path pids() {
    return folder.resolve("pids");
  }

  /** Hangs in two processes, one of which has left its parent and session. */
  private String hang() {
    return "exec > /dev/null 2>&1; (setsid sh -c 'echo $$ >> \"$0\"; exec sleep 1000' '%s' &); echo $$ >> '%s'; exec sleep 1000"
        .formatted(pids(), pids());
  }

  @AfterEach
  void killWhatHangs() throws Exception {
    for (String pid : started()) {
      ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  private List<String> started() throws IOException {
    return Files.exists(pids()) ? Files.readAllLines(pids()) : List.of();
  }

  private static Keepalive serve(String interval, String command) throws Exception {
    return Keepalive.run(
        "serve",
        "--bind",
        "127.0.0.1",
        "--port",
        "0",
        "--json",
        "--health-interval",
        interval,
        "--health",
        command);
  }

  private static Keepalive watch(Sources.Listening source, String liveness) throws Exception {
    Keepalive backup =
        Keepalive.run(
            "watch", source.address(), "--json", "--detect-within", "1s", "--liveness", liveness);
    backup.awaitEvent("up");
    return backup;
  }

  @Test
  void aSourceWhoseHealthCommandFailsIsHung() throws Exception {
    Files.createFile(well());
    try (Sources.Listening source = Sources.listening(serve("1s", "test -e " + well()));
        Keepalive ofProcess = watch(source, "process");
        Keepalive ofHost = watch(source, "host")) {
      Files.delete(well());
      assertEquals("HUNG", ofProcess.awaitEvent("failover").text("cause"));
      assertEquals(0, ofProcess.awaitEnd(), ofProcess::output);
      source.process().awaitError("not healthy: queries stay unanswered");
      assertEquals(List.of("up"), ofHost.eventTypes());
    }
  }

  @Test
  void aHungCommandFailsAndLeavesNoProcess() throws Exception {
    Files.createFile(well());
    String command = "test -e " + well() + " && exit 0; " + hang();
    try (Sources.Listening source = Sources.listening(serve("1s", command));
        Keepalive backup = watch(source, "process")) {
      Files.delete(well());
      assertEquals("HUNG", backup.awaitEvent("failover").text("cause"));
      Eventually.await("two commands", LIMIT, () -> started().size() >= 2);
      source.process().signal("TERM");
      assertEquals(128 + 15, source.process().awaitEnd(), source.process()::output);
    }
    assertEquals(List.of(), running());
  }

  /** A terminated source waits for nothing, not even before it listens. */
  @Test
  void aCommandThatHangsAtStartEndsWithTheSource() throws Exception {
    try (Keepalive source = serve("1000s", hang())) {
      Eventually.await("two commands", LIMIT, () -> started().size() >= 2);
      source.signal("TERM");
      assertEquals(128 + 15, source.awaitEnd(), source::output);
      assertEquals(List.of(), source.eventTypes());
    }
    assertEquals(List.of(), running());
  }

  @Test
  void theCommandHasEmptyInput() throws Exception {
    try (Sources.Listening source = Sources.listening(serve("20s", "cat"))) {
      source.process().awaitError("healthy");
      assertFalse(source.process().stderr().text().contains("not healthy"));
    }
  }

  private List<String> running() throws IOException {
    List<String> running = new ArrayList<>();
    for (String pid : started()) {
      if (isRunning(pid)) {
        running.add(pid);
      }
    }
    return running;
  }
}
