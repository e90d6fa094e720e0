package io.github.keepalive4j.cli.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.EventLine;
import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.cli.Sources;
import io.github.keepalive4j.support.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A {@code serve} that its supervisor restarts is not taken over. */
class ConfirmTest {
  /** Of a source that a busy machine starts slowly. */
  private static final Set<String> DOUBTS = Set.of("suspect", "recovered");

  private static final Duration TIME = Duration.ofSeconds(60);

  @Test
  void aKilledSourceThatIsRestartedInTimeIsWatchedAgain() throws Exception {
    killAndRestart();
  }

  @Test
  void aKilledSourceWithProbesThatIsRestartedInTimeIsWatchedAgain() throws Exception {
    killAndRestart("--detect-within", "1s", "--liveness", "process");
  }

  private static void killAndRestart(String... options) throws Exception {
    try (Sources.Listening first = Sources.onLoopback();
        Keepalive backup = watch(first, TIME, options)) {
      backup.awaitEvent("up");
      first.process().kill();
      try (Sources.Listening second = Sources.onLoopback(first.port())) {
        second.process().awaitEvent("connected");
        Eventually.await("it is watched", TIME, () -> isWatchedAgain(backup.eventTypes()));
        EventLine confirmed = backup.events("confirmed").get(0);
        assertTrue(confirmed.number("tookMs") < TIME.toMillis(), backup::output);
        assertEquals(second.address(), confirmed.text("peer"));
        second.process().kill();
      }
      backup.requireNone(event -> event.type().equals("failover"), Duration.ofMillis(500));
    }
  }

  @Test
  void aKilledSourceThatStaysAwayIsTakenOverAfterTheTime() throws Exception {
    Duration time = Duration.ofSeconds(1);
    try (Sources.Listening source = Sources.onLoopback();
        Keepalive backup = watch(source, time)) {
      backup.awaitEvent("up");
      long killedNs = source.process().kill();
      assertEquals(0, backup.awaitEnd(), backup::output);
      assertEndsInFailover(backup.eventTypes());
      EventLine failover = backup.events("failover").get(0);
      long tookNs = failover.number("monotonicNs") - killedNs;
      assertTrue(tookNs >= time.toNanos(), backup::output);
      assertTrue(tookNs < time.plusSeconds(10).toNanos(), backup::output);
    }
  }

  /** A dying process may answer once more, as below. */
  private static boolean isWatchedAgain(List<String> events) {
    List<String> answeredOnce = List.of("up", "confirmed", "up", "confirmed", "up");
    List<String> told = events.stream().filter(type -> !DOUBTS.contains(type)).toList();
    return told.equals(List.of("up", "confirmed", "up")) || told.equals(answeredOnce);
  }

  /** The kernel may close a dying process's link before its port, which still answers then. */
  private static void assertEndsInFailover(List<String> events) {
    List<String> answeredOnce = List.of("up", "confirmed", "up", "failover");
    assertTrue(
        events.equals(List.of("up", "failover")) || events.equals(answeredOnce), events::toString);
  }

  private static Keepalive watch(Sources.Listening source, Duration time, String... options)
      throws Exception {
    String[] command = {
      "watch",
      source.address(),
      "--json",
      "--confirm",
      time.toMillis() + "ms",
      "--on-failover",
      "exit 0"
    };
    String[] all = java.util.Arrays.copyOf(command, command.length + options.length);
    System.arraycopy(options, 0, all, command.length, options.length);
    return Keepalive.run(all);
  }
}
