package io.github.keepalive4j.cli.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.cli.Keepalive;
import io.github.keepalive4j.cli.Sources;
import io.github.keepalive4j.qemu.QmpCommand;
import io.github.keepalive4j.qemu.QmpValue;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Host;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * COLO pairs of which either host is cut off silently while the guest writes: the heartbeat that
 * COLO leaves to others. {@code -Dkeepalive4j.colo.rounds=20} repeats the primary's takeover.
 */
@Isolated("a guest that stalls is measured")
class QemuColoTest {
  private static final int ROUNDS = Integer.getInteger("keepalive4j.colo.rounds", 1);
  private static final double RUNS_ON_MS = 1_000;

  /** The guest writes 18 times a second. */
  private static final long STALLED_NS = 300_000_000;

  /** Long enough that a guest that stalls is seen before the verdict. */
  private static final String LONG_BUDGET = "2s";

  /** How long QEMU is silent until a takeover takes its main loop for hanging. */
  private static final double SILENCE_MS = 200;

  private static final QmpCommand REMOVE_CHILD =
      QmpCommand.of("x-blockdev-change").with("parent", "colo-disk0").with("child", "children.1");

  /** The ends of COLO's network inside QEMU, which a later secondary needs again. */
  private static final List<String> LOCAL_ENDS =
      List.of("compare0", "compare0-0", "compare_out", "compare_out0");

  @TempDir Path folder;

  @Test
  void theSecondaryTakesOverFromALostPrimary() throws Exception {
    try (ColoPair pair = ColoPair.start(folder)) {
      long counted = pair.primary().count();
      Host lost = pair.primaryHost();
      try (Sources.Listening source = Sources.on(lost, lost.ipv4());
          Keepalive watch = watch(pair.secondaryHost(), source, pair.secondary(), "secondary");
          Fault cut = lost.drop()) {
        requireTakeover(watch, cut, pair.secondary(), "secondary");
      }
      pair.secondary().awaitCount(counted + 5);
    }
  }

  @Test
  void thePrimaryRunsOnWithinOneSecondOfTheVerdict() throws Exception {
    for (int round = 1; round <= ROUNDS; round++) {
      try (ColoPair pair = ColoPair.start(folder)) {
        System.out.printf("COLO, round %d of %d: ", round, ROUNDS);
        loseTheSecondary(pair);
      }
    }
  }

  private void loseTheSecondary(ColoPair pair) throws Exception {
    Host lost = pair.secondaryHost();
    try (Sources.Listening source = Sources.on(lost, lost.ipv4());
        Keepalive watch = watch(pair.primaryHost(), source, pair.primary(), "primary");
        GuestProgress progress = GuestProgress.of(pair.primary());
        Fault cut = lost.drop()) {
      requireTakeover(watch, cut, pair.primary(), "primary");
      long verdictNs = watch.events("failover").get(0).number("verdictNs");
      assertTrue(
          progress.lastBefore(verdictNs) - cut.effectiveNs() < STALLED_NS,
          "no write of the guest waits for the secondary");
      double ms = (progress.awaitFirstAfter(verdictNs) - verdictNs) / 1e6;
      System.out.printf("verdict to the guest's next write %.1f ms%n", ms);
      assertTrue(ms < RUNS_ON_MS, ms + " ms");
      pair.primary().awaitCount(pair.primary().count() + 5);
    }
  }

  @Test
  void thePrimaryFreesAMainLoopThatHangsAlready() throws Exception {
    try (ColoPair pair = ColoPair.start(folder)) {
      Host lost = pair.secondaryHost();
      try (Sources.Listening source = Sources.on(lost, lost.ipv4());
          Keepalive watch =
              watch(pair.primaryHost(), source, pair.primary(), "primary", LONG_BUDGET);
          GuestProgress progress = GuestProgress.of(pair.primary());
          Fault cut = lost.drop()) {
        progress.awaitStall(STALLED_NS);
        Background<QmpValue> hanging = Background.start(() -> pair.primary().execute(REMOVE_CHILD));
        requireTakeover(watch, cut, pair.primary(), "primary");
        assertTrue(hanging.get().isObject());
        double ms = QemuTakeovers.verdictToRunningMs(watch);
        assertTrue(ms > SILENCE_MS && ms < RUNS_ON_MS, ms + " ms: " + watch.output());
      }
      pair.primary().awaitCount(pair.primary().count() + 5);
    }
  }

  private static Keepalive watch(
      Host on, Sources.Listening source, QemuMachine machine, String role) throws Exception {
    return watch(on, source, machine, role, "500ms");
  }

  private static Keepalive watch(
      Host on, Sources.Listening source, QemuMachine machine, String role, String budget)
      throws Exception {
    Keepalive watch =
        QemuTakeovers.watch(
            on,
            source.address(),
            "--detect-within",
            budget,
            "--qmp",
            machine.qmp(),
            "--qmp-action",
            "colo-" + role);
    watch.awaitEvent("up");
    watch.awaitEvent("connected");
    return watch;
  }

  /** The machine must leave COLO in its role, run, and keep what doesn't lead to the peer. */
  private static void requireTakeover(Keepalive watch, Fault cut, QemuMachine machine, String role)
      throws Exception {
    assertEquals(0, watch.awaitEnd(), watch::output);
    QemuTakeovers.requireOrder(watch, cut);
    assertTrue(
        QemuTakeovers.names(watch.events("takeover").get(0)).contains("x-colo-lost-heartbeat"));
    System.out.printf(
        "colo-%s: verdict to running %.1f ms%n", role, QemuTakeovers.verdictToRunningMs(watch));
    QmpValue status = machine.execute("query-colo-status");
    assertEquals("none", status.path("mode").asText());
    assertEquals(role, status.path("last-mode").asText());
    assertEquals("request", status.path("reason").asText());
    assertEquals("running", machine.status());
    for (QmpValue chardev : machine.execute("query-chardev").values()) {
      if (LOCAL_ENDS.contains(chardev.path("label").asText())) {
        assertTrue(chardev.path("filename").asText().startsWith("tcp:"), chardev::toString);
      }
    }
  }
}
