package io.github.keepalive4j.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.BestOfFive;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.Needs;
import io.github.keepalive4j.support.RequiresLab;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Lab;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Peers on other hosts that die, or don't read. What takes its time runs side by side, each with a
 * host of its own.
 */
@RequiresLab
@Timeout(120)
class SweptPeersTest {
  private static final Duration BUDGET = Duration.ofMillis(3_375);
  private static final int RULE_MS =
      (int) KeepaliveOptions.forTraffic(BUDGET).userTimeout().orElseThrow().toMillis();
  private static final Duration LIMIT = Duration.ofSeconds(90);

  /** Enough to fill both buffers. */
  private static final int BULK = 1_000_000;

  private static final int DOOMED = 6;

  private static final String[] HOSTS = {
    "client",
    "slow",
    "slower",
    "doomed",
    "idle",
    "old",
    "busy",
    "stuck",
    "told",
    "impatient",
    "patient",
    "halved",
    "shrunk"
  };

  @Test
  void theDeadAreFoundAndTheSlowAreSpared() throws Exception {
    try (Lab lab = Needs.openLab(HOSTS)) {
      List<Callable<Void>> cases =
          List.of(
              () -> aPeerThatDoesNotReadIsSpared(lab),
              () -> aPeerThatHasNotReadForLongIsSpared(lab),
              () -> anOldConnectionSurvivesALostProbe(lab),
              () -> onesThatDieWithTheirWindowClosedAreFound(lab),
              () -> inTime(() -> aDeadPeerIsFoundWhileIdle(lab)),
              () -> inTime(() -> aDeadPeerIsFoundWithDataInFlight(lab)),
              () -> aBackOffThatHasEndedTellsNothing(lab),
              () -> whatIsShutDownIsSpared(lab),
              () -> aPeerThatTookItsWindowBackIsSparedAndFound(lab),
              () -> aStuckConnectionIsEnded(lab),
              () -> aStuckConnectionIsToldOf(lab));
      List<Background<Void>> running = new ArrayList<>();
      for (Callable<Void> one : cases) {
        running.add(Background.start(one));
      }
      for (Background<Void> one : running) {
        one.get(LIMIT);
      }
    }
  }

  /** Allows a tenth more than the budget, because the kernel's timers are that coarse. */
  private static Void inTime(BestOfFive.Run deadPeer) throws Exception {
    BestOfFive.requireWithin(BUDGET.multipliedBy(11).dividedBy(10), deadPeer);
    return null;
  }

  private static SocketSweeper sweep(LabPair pair, Heard heard, String more) throws Exception {
    return SocketSweeper.builder()
        .rules(SocketRules.parse("within=3375ms," + pair.to() + more))
        .listener(heard)
        .open();
  }

  private static void pause(double budgets) {
    LockSupport.parkNanos((long) (budgets * BUDGET.toNanos()));
  }

  /** Ten budgets long it acknowledges the probes, and reads nothing. */
  private static Void aPeerThatDoesNotReadIsSpared(Lab lab) throws Exception {
    Heard heard = new Heard();
    try (LabPair pair = LabPair.open(lab, "slow");
        SocketSweeper sweeper = sweep(pair, heard, "")) {
      Background<Long> writer = pair.write(BULK);
      heard.await("spared", pair.port());
      assertTrue(toldUserTimeoutMs(heard, "spared", pair) > RULE_MS, "raised");
      pause(10);
      assertEquals(List.of("governed", "spared"), heard.of(pair.port()));
      assertEquals(RULE_MS, toldUserTimeoutMs(heard, "governed", pair));
      assertTrue(pair.userTimeoutMs() > 10 * BUDGET.toMillis(), "raised");
      pair.peer.getInputStream().readNBytes(BULK);
      assertTrue(writer.get() > 0);
      Eventually.await("its rule's", () -> pair.userTimeoutMs() == RULE_MS);
      assertEquals(0, sweeper.deadPeers());
      assertEquals(1, sweeper.spared());
      assertEquals(0, sweeper.setAgain());
      return null;
    }
  }

  private static long toldUserTimeoutMs(Heard heard, String what, LabPair pair) throws Exception {
    return heard.await(what, pair.port()).event().userTimeout().orElse(Duration.ZERO).toMillis();
  }

  /** The window was closed long before the rule came, and the kernel counts from then. */
  private static Void aPeerThatHasNotReadForLongIsSpared(Lab lab) throws Exception {
    Heard heard = new Heard();
    try (LabPair pair = LabPair.open(lab, "slower")) {
      Background<Long> writer = pair.write(BULK);
      pause(3);
      try (SocketSweeper sweeper = sweep(pair, heard, ",end-stuck")) {
        heard.await("governed", pair.port());
        pause(4);
        assertEquals(List.of("governed", "spared"), heard.of(pair.port()));
        assertEquals(0, toldUserTimeoutMs(heard, "governed", pair));
        assertEquals(0, toldUserTimeoutMs(heard, "spared", pair));
        assertEquals(0, pair.userTimeoutMs());
        pair.peer.getInputStream().readNBytes(BULK);
        assertTrue(writer.get() > 0);
        Eventually.await("its rule's", () -> pair.userTimeoutMs() == RULE_MS);
        assertEquals(0, sweeper.stuck());
        assertEquals(0, sweeper.setAgain());
      }
      return null;
    }
  }

  /** With few retries, the back-off doesn't tell that the kernel has probed it for long. */
  private static Void aBackOffThatHasEndedTellsNothing(Lab lab) throws Exception {
    lab.host("impatient").run("sh", "-c", "echo 3 > /proc/sys/net/ipv4/tcp_retries2");
    Heard heard = new Heard();
    try (LabPair pair = LabPair.open(lab, "impatient", "patient")) {
      Background<Long> writer = pair.write(BULK);
      pause(4);
      assertEquals(3, pair.info().backoff());
      try (SocketSweeper sweeper =
          SocketSweeper.builder()
              .rules(SocketRules.parse("within=10s," + pair.to()))
              .listener(heard)
              .open()) {
        heard.await("governed", pair.port());
        pause(1.5); // some probes
        pair.peer.getInputStream().readNBytes(BULK);
        assertTrue(writer.get() > 0, "ended");
        assertEquals(0, sweeper.stuck());
      }
      return null;
    }
  }

  /** Its peer had ended its side before, so its state is LAST_ACK until all is read. */
  private static Void whatIsShutDownIsSpared(Lab lab) throws Exception {
    Heard heard = new Heard();
    try (LabPair pair = LabPair.open(lab, "halved");
        SocketSweeper sweeper = sweep(pair, heard, "")) {
      heard.await("governed", pair.port());
      pair.peer.shutdownOutput();
      int written = pair.fill();
      pair.client.shutdownOutput();
      assertEquals(TcpInfo.State.LAST_ACK, pair.info().state());
      pause(3);
      assertEquals(written, pair.peer.getInputStream().readAllBytes().length);
      assertEquals(0, sweeper.deadPeers());
      return null;
    }
  }

  /** In flight is what doesn't fit any more, and the kernel counts no probes. */
  private static Void aPeerThatTookItsWindowBackIsSparedAndFound(Lab lab) throws Exception {
    Heard heard = new Heard();
    try (LabPair pair = LabPair.open(lab, "shrunk");
        SocketSweeper sweeper = sweep(pair, heard, "")) {
      heard.await("governed", pair.port());
      pair.client.setTcpNoDelay(true);
      Background<Long> writer = pair.writeSmall();
      Eventually.await("its window taken back", () -> isTakenBack(pair));
      heard.await("spared", pair.port());
      pause(3);
      assertEquals(0, sweeper.deadPeers());
      try (Fault cut = lab.host("shrunk").drop()) {
        long endNs = writer.get();
        double budgets = (-endNs - cut.effectiveNs()) / (double) BUDGET.toNanos();
        assertTrue(endNs < 0 && budgets <= 1.5, budgets + " budgets");
        Eventually.await("counted", () -> sweeper.deadPeers() == 1);
      }
      return null;
    }
  }

  private static boolean isTakenBack(LabPair pair) throws IOException {
    TcpInfo info = pair.info();
    return info.sndWnd() == 0 && info.unacked() > 0 && info.backoff() > 0;
  }

  /** It has been idle for longer than its user timeout, so the kernel probes it at once. */
  private static Void anOldConnectionSurvivesALostProbe(Lab lab) throws Exception {
    Heard heard = new Heard();
    try (LabPair pair = LabPair.open(lab, "old")) {
      pause(1.3);
      try (SocketSweeper sweeper = govern(pair, heard, lab)) {
        Eventually.await("its rule's", () -> pair.userTimeoutMs() == RULE_MS);
        pair.peer.getOutputStream().write(7);
        assertEquals(7, pair.client.getInputStream().read());
        assertEquals(0, sweeper.setAgain());
      }
      return null;
    }
  }

  /** Returns once its first probe was lost. */
  private static SocketSweeper govern(LabPair pair, Heard heard, Lab lab) throws Exception {
    try (Fault cut = lab.host("old").drop()) {
      SocketSweeper sweeper = sweep(pair, heard, "");
      heard.await("governed", pair.port());
      Eventually.await("a lost probe since " + cut, () -> pair.info().probes() > 0);
      assertEquals(0, pair.userTimeoutMs());
      assertEquals(0, toldUserTimeoutMs(heard, "governed", pair));
      return sweeper;
    }
  }

  private static Void onesThatDieWithTheirWindowClosedAreFound(Lab lab) throws Exception {
    Heard heard = new Heard();
    List<LabPair> pairs = new ArrayList<>();
    try (LabPair first = LabPair.open(lab, "doomed");
        SocketSweeper sweeper = sweep(first, heard, "")) {
      pairs.add(first);
      List<Background<Long>> writers = new ArrayList<>(List.of(first.write(BULK)));
      for (int i = 1; i < DOOMED; i++) {
        pause(0.17); // so that each is at another phase
        pairs.add(first.another());
        writers.add(pairs.get(i).write(BULK));
      }
      Eventually.await("all spared", () -> sweeper.spared() == DOOMED);
      pause(2);
      assertEquals(0, sweeper.deadPeers());
      try (Fault cut = lab.host("doomed").drop()) {
        for (Background<Long> writer : writers) {
          long endNs = writer.get();
          double budgets = (-endNs - cut.effectiveNs()) / (double) BUDGET.toNanos();
          assertTrue(endNs < 0 && budgets <= 1.5, budgets + " budgets");
        }
        Eventually.await("all counted", () -> sweeper.deadPeers() == DOOMED);
      }
      return null;
    } finally {
      for (LabPair pair : pairs) {
        pair.close();
      }
    }
  }

  private static Duration aDeadPeerIsFoundWhileIdle(Lab lab) throws Exception {
    Heard heard = new Heard();
    try (LabPair pair = LabPair.open(lab, "idle");
        SocketSweeper sweeper = sweep(pair, heard, "")) {
      heard.await("governed", pair.port());
      Background<Integer> reader = Background.start(() -> pair.client.getInputStream().read());
      pause(1.5);
      assertEquals(0, sweeper.deadPeers());
      try (Fault cut = lab.host("idle").drop()) {
        assertThrows(IOException.class, () -> reader.get(Duration.ofSeconds(20)));
        Duration time = since(cut);
        Heard.Call call = heard.await("dead peer", pair.port());
        assertTrue(call.event().silence().compareTo(Duration.ofSeconds(2)) > 0, call::toString);
        assertEquals(1, sweeper.deadPeers());
        return time;
      }
    }
  }

  private static Duration aDeadPeerIsFoundWithDataInFlight(Lab lab) throws Exception {
    Heard heard = new Heard();
    try (LabPair pair = LabPair.open(lab, "busy");
        SocketSweeper sweeper = sweep(pair, heard, "")) {
      heard.await("governed", pair.port());
      try (Fault cut = lab.host("busy").drop()) {
        pair.client.getOutputStream().write(1);
        assertThrows(IOException.class, () -> pair.client.getInputStream().read());
        pair.client.close(); // as drivers do, before the next look
        Duration time = since(cut);
        assertEquals(1, heard.await("dead peer", pair.port()).event().queuedBytes());
        assertEquals(1, sweeper.deadPeers());
        return time;
      }
    }
  }

  private static Duration since(Fault cut) {
    return Duration.ofNanos(System.nanoTime() - cut.effectiveNs());
  }

  private static Void aStuckConnectionIsEnded(Lab lab) throws Exception {
    Heard heard = new Heard();
    try (LabPair pair = LabPair.open(lab, "stuck")) {
      try (Fault cut = lab.host("stuck").drop()) {
        pair.client.getOutputStream().write(1);
        Background<Integer> reader = Background.start(() -> pair.client.getInputStream().read());
        pause(1.5);
        long openedNs = System.nanoTime();
        try (SocketSweeper sweeper = sweep(pair, heard, ",end-stuck")) {
          assertEquals(-1, reader.get());
          double seconds = (System.nanoTime() - openedNs) / 1e9;
          assertTrue(seconds < 5, () -> seconds + " s since " + cut);
          assertTrue(heard.await("stuck", pair.port()).event().isEnded());
          assertEquals(1, sweeper.stuck());
          assertEquals(1, sweeper.ended());
        }
      }
      return null;
    }
  }

  private static Void aStuckConnectionIsToldOf(Lab lab) throws Exception {
    Heard heard = new Heard();
    try (LabPair pair = LabPair.open(lab, "told")) {
      try (Fault cut = lab.host("told").drop()) {
        pair.client.getOutputStream().write(1);
        pause(1.5);
        try (SocketSweeper sweeper = sweep(pair, heard, "")) {
          Heard.Call call = heard.await("stuck", pair.port());
          assertFalse(call.event().isEnded(), cut::toString);
          assertTrue(call.event().silence().compareTo(BUDGET) > 0, call::toString);
          assertEquals(TcpInfo.State.ESTABLISHED, pair.info().state());
          assertEquals(1, sweeper.stuck());
          assertEquals(0, sweeper.ended());
        }
      }
      return null;
    }
  }
}
