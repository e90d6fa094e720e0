package io.github.keepalive4j.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.InLab;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.trust.AttackLab.Family;
import io.github.keepalive4j.trust.AttackLab.Sequences;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An attacker on a third host sends segments in the name of either end. */
@InLab
class ForgedSegmentsTest {
  /**
   * A guess in every window of 64 KiB, which is the least that a receiver has: all 2^32 numbers.
   */
  private static final int SWEEP = 1 << 16;

  private static final int STEP = 1 << 16;

  /** How far beside the exact number a sweep passes: within the window, as half of all guesses. */
  private static final int BESIDE = 7;

  private static void assertUnharmed(AttackLab attack) throws Exception {
    attack.observe(); // still goes to and fro
    assertEquals(List.of("up"), attack.recorder.calls());
    assertEquals(1, attack.server.connections());
    assertTrue(attack.link.isOpen());
  }

  @ParameterizedTest
  @EnumSource
  void aSweepOfGuessedResetsHitsTheWindowAndDoesNoHarm(Family family) throws Exception {
    try (AttackLab attack = AttackLab.unsigned(family, KeepaliveOptions.defaults())) {
      Sequences next = attack.observe();
      long challenged = challenges(attack.backup());
      attack.forgeToBackup(next, "RST", next.ofSource() + BESIDE, SWEEP, STEP);
      assertTrue(challenges(attack.backup()) > challenged, "no guess was in the window");
      challenged = challenges(attack.source());
      attack.forgeToSource(next, "RST", next.ofBackup() + BESIDE, SWEEP, STEP);
      assertTrue(challenges(attack.source()) > challenged, "no guess was in the window");
      assertUnharmed(attack);
    }
  }

  /**
   * RFC 5961, 3.2: it is answered by a challenge, which the true peer would answer with a reset.
   */
  @ParameterizedTest
  @EnumSource
  void aResetBesideTheExactNumberIsChallenged(Family family) throws Exception {
    try (AttackLab attack = AttackLab.unsigned(family, KeepaliveOptions.defaults())) {
      Sequences next = attack.observe();
      for (int beside : new int[] {1, 2, 1_000}) {
        attack.forgeToBackup(next, "RST", next.ofSource() + beside, 1, 1);
        attack.forgeToSource(next, "RST", next.ofBackup() + beside, 1, 1);
      }
      assertTrue(challenges(attack.backup()) > 0);
      assertTrue(challenges(attack.source()) > 0);
      assertUnharmed(attack);
    }
  }

  /** RFC 5961, 4.2: whatever its number. */
  @ParameterizedTest
  @EnumSource
  void aSynIsChallengedEvenWithTheExactNumber(Family family) throws Exception {
    try (AttackLab attack = AttackLab.unsigned(family, KeepaliveOptions.defaults())) {
      Sequences next = attack.observe();
      attack.forgeToBackup(next, "SYN", next.ofSource(), 1, 1);
      attack.forgeToSource(next, "SYN", next.ofBackup(), 1, 1);
      assertTrue(challenges(attack.backup()) > 0);
      assertTrue(challenges(attack.source()) > 0);
      attack.forgeToBackup(next, "SYN", next.ofSource() + BESIDE, 1_000, STEP);
      attack.forgeToSource(next, "SYN", next.ofBackup() + BESIDE, 1_000, STEP);
      assertUnharmed(attack);
    }
  }

  @ParameterizedTest
  @EnumSource
  void withoutAKeyAResetWithTheExactNumberEndsTheLink(Family family) throws Exception {
    try (AttackLab attack = AttackLab.unsigned(family, KeepaliveOptions.defaults())) {
      Sequences next = attack.observe();
      attack.forgeToBackup(next, "RST", next.ofSource(), 1, 1);
      attack.recorder.await("failover RESET");
    }
  }

  @ParameterizedTest
  @EnumSource
  void withoutAKeyAResetWithTheExactNumberEndsTheSourcesEnd(Family family) throws Exception {
    try (AttackLab attack = AttackLab.unsigned(family, KeepaliveOptions.defaults())) {
      Sequences next = attack.observe();
      attack.forgeToSource(next, "RST", next.ofBackup(), 1, 1);
      Eventually.await("the source's end is gone", () -> attack.server.connections() == 0);
      attack.recorder.await("failover RESET"); // the source's kernel knows nothing of it any more
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSignedLinkIgnoresSegmentsWithTheExactNumber(Family family) throws Exception {
    try (AttackLab attack = AttackLab.signed(family, KeepaliveOptions.defaults())) {
      Sequences next = attack.observe();
      long challenged = challenges(attack.backup()) + challenges(attack.source());
      for (String flags : new String[] {"RST", "RST+ACK", "SYN"}) {
        long dropped = unsigned(attack.backup());
        attack.forgeToBackup(next, flags, next.ofSource(), 1, 1);
        assertEquals(dropped + 1, unsigned(attack.backup()), flags);
        dropped = unsigned(attack.source());
        attack.forgeToSource(next, flags, next.ofBackup(), 1, 1);
        assertEquals(dropped + 1, unsigned(attack.source()), flags);
      }
      attack.forgeToBackup(next, "RST", next.ofSource() + BESIDE, SWEEP, STEP);
      assertEquals(challenged, challenges(attack.backup()) + challenges(attack.source()));
      assertUnharmed(attack);
    }
  }

  /** Those too that weren't sent because there was one within the last half second. */
  private static long challenges(Host host) throws Exception {
    return AttackLab.counter(host, "TCPChallengeACK")
        + AttackLab.counter(host, "TCPACKSkippedChallenge")
        + AttackLab.counter(host, "TCPSYNChallenge");
  }

  private static long unsigned(Host host) throws Exception {
    return AttackLab.counter(host, "TCPMD5NotFound");
  }
}
