package io.github.keepalive4j.cli.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.cli.Sources;
import io.github.keepalive4j.cli.metrics.MetricsPage;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.Jdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The code of a failover has run before the failover. */
class RehearsalTest {
  /** Nothing has been loaded for so many looks, 2 ms apart: the first rehearsals are over. */
  private static final int QUIET_LOOKS = 1_000;

  /** What the first rehearsals start is less. */
  private static final int REPETITIONS = 40;

  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** Takes milliseconds. */
  private static final String PERIOD = "-Dkeepalive.rehearsal.period=";

  private static final int SHORT_MS = 1_500;
  private static final int RELEASES = 2;

  /**
   * Notes how each command of a rehearsal ended, which is {@code :}. The process that waits has
   * more arguments than one that is started at the failover.
   */
  private static final String NOTING_SHELL =
      """
      #!/bin/sh
      /bin/sh "$@"
      status=$?
      [ $# != 6 ] || [ "$4" != : ] || echo "released: $status" >>"${0%/*}/../plays"
      [ $# != 4 ] || [ "$3" != : ] || echo "started: $status" >>"${0%/*}/../plays"
      exit $status
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"2s", "30ms"})
  void noClassOfOursIsLoadedBetweenVerdictAndCommand(String within) throws Exception {
    Path log = folder.resolve("classes");
    String[] watch = {
      "watch", "SOURCE", "--json", "--detect-within", within, "--on-failover", "exit 0"
    };
    try (Sources.Listening source = Sources.onLoopback()) {
      watch[1] = source.address();
      List<String> options = List.of("-Xlog:class+load:file=" + log);
      try (Keepalive backup = Keepalive.start(Jdk.java(), options, watch)) {
        backup.awaitEvent("up");
        awaitQuiet(log);
        int before = Files.readAllLines(log).size();
        source.process().kill();
        assertEquals(0, backup.awaitEnd(), backup::output);
        assertEquals(List.of(), oursBeforeTheWatchEnds(log, before));
        assertEquals(1, backup.events("failover").size(), backup::output);
      }
    }
  }

  private static void awaitQuiet(Path log) throws Exception {
    Looks looks = new Looks();
    Eventually.await("the end of the rehearsals", LIMIT, () -> looks.areQuiet(log));
  }

  /** Counts for how many looks nothing has been loaded. */
  private static final class Looks {
    private int quiet;
    private long size = -1;

    boolean areQuiet(Path log) throws IOException {
      long now = Files.size(log);
      quiet = now == size ? quiet + 1 : 0;
      size = now;
      return quiet >= QUIET_LOOKS && Files.readString(log).contains("cli.watch.Rehearsal");
    }
  }

  /** The watch ends once its callback has released the command. */
  private static List<String> oursBeforeTheWatchEnds(Path log, int firstLine) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return lines.subList(firstLine, lines.size()).stream()
        .filter(line -> line.contains("io.github.keepalive4j"))
        .takeWhile(line -> !line.contains("keepalive4j.internal.standby.Arming"))
        .toList();
  }

  /** JNA starts one, too, but doesn't say where its output goes. */
  @Test
  void withoutACommandItStartsNoProcess() throws Exception {
    Path log = folder.resolve("classes");
    List<String> options = List.of("-Xlog:class+load:file=" + log, PERIOD + 20);
    try (Sources.Listening source = Sources.onLoopback();
        Keepalive backup =
            Keepalive.start(Jdk.java(), options, "watch", source.address(), "--json")) {
      backup.awaitEvent("up");
      awaitQuiet(log);
      assertEquals(
          List.of(),
          Files.readAllLines(log).stream()
              .filter(line -> line.contains("java.lang.ProcessBuilder$Redirect "))
              .toList());
    }
  }

  @Test
  void theWarmupRepeatsWithoutATrace() throws Exception {
    Path journal = folder.resolve("journal");
    String[] watch = {
      "watch",
      "SOURCE",
      "--json",
      "--metrics",
      "0",
      "--journal",
      journal.toString(),
      "--on-failover",
      "exit 0"
    };
    try (Sources.Listening source = Sources.onLoopback()) {
      watch[1] = source.address();
      try (Keepalive backup = Keepalive.start(Jdk.java(), List.of(PERIOD + 20), watch)) {
        backup.awaitEvent("up");
        List<String> types = backup.eventTypes();
        Eventually.await("the link's line", () -> isArmed(journal));
        List<String> lines = Files.readAllLines(journal);
        Set<ProcessHandle> seen = new HashSet<>();
        Eventually.await(
            "many repetitions",
            LIMIT,
            () -> {
              children(backup).forEach(seen::add);
              return seen.size() > REPETITIONS;
            });
        assertEquals(types, backup.eventTypes());
        assertEquals(lines, Files.readAllLines(journal));
        assertEquals(Set.of(0.0), MetricsPage.of(backup).ofFailovers());
        Eventually.await("all but the process that waits", () -> children(backup).count() <= 2);
        children(backup).forEach(seen::add);
        backup.signal("TERM");
        assertEquals(128 + 15, backup.awaitEnd(), backup::output);
        Eventually.await("no process", () -> seen.stream().noneMatch(ProcessHandle::isAlive));
      }
    }
  }

  /** It is written by the journal's own thread. */
  private static boolean isArmed(Path journal) throws IOException {
    return Files.readAllLines(journal).stream()
        .anyMatch(line -> line.contains("\"event\":\"armed\"") && line.endsWith("}"));
  }

  /** A rehearsal may come before the process is ready. */
  @Test
  void theProcessThatWaitsIsReleased() throws Exception {
    Path log = folder.resolve("plays");
    Path shells = Files.createDirectory(folder.resolve("bin"));
    Path shell = Files.writeString(shells.resolve("sh"), NOTING_SHELL);
    assertTrue(shell.toFile().setExecutable(true));
    try (Sources.Listening source = Sources.onLoopback()) {
      List<String> command =
          new ArrayList<>(List.of("env", "PATH=" + shells + ":" + System.getenv("PATH")));
      String[] watch = {"watch", source.address(), "--json", "--on-failover", "exit 0"};
      command.addAll(Keepalive.command(Jdk.java(), List.of(PERIOD + SHORT_MS), watch));
      try (Keepalive backup = Keepalive.start(command)) {
        backup.awaitEvent("up");
        Eventually.await(
            "rehearsals",
            LIMIT,
            () -> Collections.frequency(linesOf(log), "released: 0") >= RELEASES);
        assertTrue(linesOf(log).stream().allMatch(line -> line.endsWith(": 0")), "a failed one");
        List<ProcessHandle> all = descendants(backup).toList();
        backup.signal("TERM");
        backup.awaitEnd();
        Eventually.await("no process", () -> all.stream().noneMatch(ProcessHandle::isAlive));
      }
    }
  }

  private static List<String> linesOf(Path log) throws IOException {
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
  }

  private static Stream<ProcessHandle> descendants(Keepalive backup) {
    return ProcessHandle.of(backup.pid()).stream().flatMap(ProcessHandle::descendants);
  }

  private static Stream<ProcessHandle> children(Keepalive backup) {
    return ProcessHandle.of(backup.pid()).stream().flatMap(ProcessHandle::children);
  }
}
