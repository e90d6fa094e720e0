package io.github.keepalive4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.support.BestOfFive;
import io.github.keepalive4j.support.Needs;
import io.github.keepalive4j.support.Preload;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Detection goes by the monotonic clock alone: a wall clock that is set changes what is told, at
 * most.
 */
class ClockTest {
  private static final Duration YEAR = Duration.ofDays(365);
  private static final Duration SLACK = Duration.ofSeconds(2);

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "--detect-within 300ms, 300",
    "--detect-within 2s --liveness process, 2000",
    "--idle 1s --interval 1s --count 2, 3375"
  })
  void settingTheWallClockNeitherCausesNorHidesAFailover(String options, long worstCaseMs)
      throws Exception {
    List<String> clock = shiftedClock();
    BestOfFive.requireWithin(
        Duration.ofMillis(worstCaseMs), () -> detectWhileSetting(clock, options, worstCaseMs));
  }

  private Duration detectWhileSetting(List<String> clock, String options, long worstCaseMs)
      throws Exception {
    shift(Duration.ZERO);
    try (Lab lab = Needs.openLab();
        Keepalive serve = runIn(lab.source(), clock, "serve --json");
        Sources.Listening source = Sources.listening(serve);
        Keepalive backup = runIn(lab.backup(), clock, watch(lab, options))) {
      backup.awaitEvent("up");
      shift(YEAR);
      backup.requireNone(ClockTest::isFailover, Duration.ofMillis(600));
      shift(YEAR.negated());
      backup.requireNone(ClockTest::isFailover, Duration.ofMillis(600));
      shift(YEAR);
      try (Fault cut = lab.source().dropIncoming()) {
        shift(YEAR.negated()); // while the silence is being found out
        assertEquals(0, backup.awaitEnd(), backup::output);
        EventLine failover = backup.events("failover").get(0);
        requireWallClock(failover, Instant.now().minus(YEAR));
        assertEquals(List.of(), source.process().events("closed"), source.process()::output);
        return detection(failover, cut.startedNs(), worstCaseMs);
      }
    }
  }

  /** A machine that has been up for ten years, and one that has just begun. */
  @ParameterizedTest
  @CsvSource({
    "315360000, --detect-within 300ms, 300",
    "315360000, --idle 1s --interval 1s --count 2, 3375",
    "0, --detect-within 2s --liveness process, 2000"
  })
  void detectionWorksAtAnyMonotonicTime(long upS, String options, long worstCaseMs)
      throws Exception {
    if (Files.notExists(Path.of("/proc/self/ns/time"))) {
      Needs.lack("this kernel has no time namespaces");
    }
    long offsetS = upS == 0 ? -Duration.ofNanos(System.nanoTime()).toSeconds() + 1 : upS;
    List<String> clock = movedClock(offsetS);
    BestOfFive.requireWithin(
        Duration.ofMillis(worstCaseMs), () -> detect(clock, offsetS, options, worstCaseMs));
  }

  private static Duration detect(List<String> clock, long offsetS, String options, long worstCaseMs)
      throws Exception {
    try (Lab lab = Needs.openLab();
        Keepalive serve = runIn(lab.source(), clock, "serve --json");
        Sources.Listening source = Sources.listening(serve);
        Keepalive backup = runIn(lab.backup(), clock, watch(lab, options))) {
      backup.awaitEvent("up");
      backup.requireNone(ClockTest::isFailover, Duration.ofMillis(600));
      try (Fault cut = lab.source().dropIncoming()) {
        assertEquals(0, backup.awaitEnd(), source.process()::output);
        long cutNs = cut.startedNs() + Duration.ofSeconds(offsetS).toNanos();
        return detection(backup.events("failover").get(0), cutNs, worstCaseMs);
      }
    }
  }

  private List<String> shiftedClock() throws Exception {
    shift(Duration.ZERO);
    List<String> clock = new ArrayList<>(Preload.compile("shifted_clock", folder).command());
    clock.add("CLOCK_SHIFT=" + shiftFile());
    return clock;
  }

  private static List<String> movedClock(long offsetS) {
    String offset = Long.toString(offsetS);
    return List.of(
        "unshare", "--time", "--monotonic", offset, "--boottime", offset, "--fork", "--kill-child");
  }

  private Path shiftFile() {
    return folder.resolve("shift");
  }

  private void shift(Duration shift) throws IOException {
    Path next = Files.writeString(folder.resolve("next"), Long.toString(shift.toSeconds()));
    Files.move(next, shiftFile(), StandardCopyOption.ATOMIC_MOVE);
  }

  private static String watch(Lab lab, String options) {
    return "watch " + lab.source().ipv4().getHostAddress() + ":9999 --json " + options;
  }

  private static Keepalive runIn(Host host, List<String> clock, String arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", host.namespace()));
    command.addAll(clock);
    command.addAll(Keepalive.command(arguments.split(" ")));
    return Keepalive.start(command);
  }

  private static boolean isFailover(EventLine event) {
    return event.type().equals("failover");
  }

  /** Returns the time from the cut to the verdict. */
  private static Duration detection(EventLine failover, long cutNs, long worstCaseMs) {
    Duration limit = SLACK.plusMillis(worstCaseMs);
    Duration took = Duration.ofNanos(failover.number("monotonicNs") - cutNs);
    assertEquals("TIMED_OUT", failover.text("cause"));
    assertTrue(failover.number("verdictNs") > cutNs, () -> failover + " before the cut");
    assertTrue(took.compareTo(limit) <= 0, () -> failover + " took " + took);
    assertTrue(failover.number("verdictNs") <= failover.number("monotonicNs"), failover::toString);
    long lastHeardMs = failover.number("lastHeardMs");
    assertTrue(lastHeardMs >= 0 && lastHeardMs <= limit.toMillis(), failover::toString);
    return Duration.ofNanos(failover.number("verdictNs") - cutNs);
  }

  private static void requireWallClock(EventLine event, Instant expected) {
    Duration off = Duration.between(expected, Instant.parse(event.text("at"))).abs();
    assertTrue(off.compareTo(Duration.ofMinutes(1)) < 0, () -> event + " isn't of " + expected);
  }
}
