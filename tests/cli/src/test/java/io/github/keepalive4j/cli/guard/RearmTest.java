package io.github.keepalive4j.cli.guard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.cli.Sources;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** With {@code --rearm} a backup goes on after trouble of its own, and never runs two commands. */
class RearmTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static ClaimServer ensemble;

  @TempDir Path folder;
  private String id;
  private Guarded guarded;

  @BeforeAll
  static void startEnsemble() throws Exception {
    ensemble = ClaimServer.start();
  }

  @AfterAll
  static void stopEnsemble() throws Exception {
    ensemble.close();
  }

  @BeforeEach
  void nameTheSource(TestInfo test) {
    id = test.getTestMethod().orElseThrow().getName();
    guarded = new Guarded(folder, ensemble.options(id));
  }

  private Path ran() {
    return folder.resolve("ran");
  }

  private List<String> runs() throws IOException {
    return Files.exists(ran()) ? Files.readAllLines(ran()) : List.of();
  }

  private void awaitLines(int number) throws Exception {
    Eventually.await(number + " lines", LIMIT, () -> runs().size() >= number);
  }

  /** A command that ends at once when it is told to, and whose child then takes a moment. */
  private String leavesASlowChild() {
    String record = " >> " + ran();
    return "exec > /dev/null 2>&1; sh -c \"trap 'sleep 0.3; echo end"
        + record
        + "; exit' TERM; echo begin"
        + record
        + "; while :; do sleep 0.05; done\" & wait";
  }

  /** The claim's node is gone at once, so nothing on the ensemble keeps the next claim waiting. */
  @Test
  void whatRanOnALostClaimHasEndedBeforeItRunsAgain() throws Exception {
    try (Sources.Listening source = Sources.listening(guarded.serve());
        Keepalive backup =
            guarded.watch(source.address(), "--rearm", "--on-failover", leavesASlowChild())) {
      backup.awaitEvent("armed");
      source.process().kill();
      awaitLines(1);
      ensemble.deleteClaims(id);
      awaitLines(3);
      ensemble.deleteClaims(id);
      awaitLines(5);
      assertEquals(List.of("begin", "end", "begin", "end", "begin"), runs(), backup::output);
    }
  }

  private static void limit(Keepalive process, String limit) throws Exception {
    new ProcessBuilder("prlimit", "--pid", "" + process.pid(), "--" + limit + ":")
        .start()
        .waitFor();
  }

  /** The process that waits for the failover takes no descriptor then. */
  private void killWaitingCommand(Keepalive backup) throws Exception {
    Eventually.await("a command that waits", () -> waitingCommand(backup).isPresent());
    ProcessHandle waiting = waitingCommand(backup).orElseThrow();
    assertTrue(waiting.destroyForcibly());
    Eventually.await("its end", () -> !waiting.isAlive());
  }

  private Optional<ProcessHandle> waitingCommand(Keepalive backup) {
    return ProcessHandle.of(backup.pid()).stream()
        .flatMap(ProcessHandle::children)
        .filter(
            child ->
                child.info().arguments().stream()
                    .flatMap(Arrays::stream)
                    .anyMatch(argument -> argument.contains(ran().toString())))
        .findFirst();
  }

  @Test
  void aLackOfDescriptorsAtTheTakeoverPasses() throws Exception {
    String runs = "echo $KEEPALIVE_TOKEN >> " + ran();
    try (Sources.Listening source = Sources.listening(guarded.serve());
        Keepalive backup = guarded.watch(source.address(), "--rearm", "--on-failover", runs)) {
      backup.awaitEvent("armed");
      killWaitingCommand(backup);
      limit(backup, "nofile=5");
      source.process().kill();
      String message = backup.awaitEvent("error").text("message");
      assertTrue(message.startsWith("the failover command didn't start: "), message);
      backup.awaitEvent("error", 2); // it goes on, and lacks the same
      limit(backup, "nofile=4096");
      awaitLines(1);
    }
  }

  /** The machine answers meanwhile, so the takeover could go on when the backup wakes. */
  @Test
  @Execution(ExecutionMode.CONCURRENT) // it mostly waits
  void aMachineDoesNotStartOnALeaseThatEndedDuringAPause() throws Exception {
    Path socket = folder.resolve("qmp");
    try (ClaimServer impatient = ClaimServer.startImpatient();
        ScriptedQemu machine = ScriptedQemu.listen(socket);
        FailingSource source = new FailingSource()) {
      guarded = new Guarded(folder, impatient.options(id));
      try (Keepalive backup =
          guarded.watch(
              source,
              "--qmp",
              socket.toString(),
              "--qmp-timeout",
              "60s",
              "--on-failover",
              "exit 0")) {
        backup.awaitEvent("connected");
        machine.hold();
        source.failAll();
        Eventually.await("the takeover", LIMIT, () -> !machine.commands().isEmpty());
        backup.awaitEvent("failover");
        backup.signal("STOP");
        impatient.awaitNoClaims(id);
        machine.release();
        backup.signal("CONT");
        assertEquals(3, backup.awaitEnd(), backup::output);
        List<String> told =
            machine.commands().stream().distinct().toList(); // a query may be repeated
        assertEquals(List.of("query-status", "stop"), told, backup::output);
        assertEquals(1, backup.events("claim-lost").size(), backup::output);
      }
    }
  }
}
