package io.github.keepalive4j.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Failure;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.support.InLab;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.trust.AttackLab.Family;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A host that takes over the source's address once that is cut off, and serves in its place. */
@InLab
class ImpostorTest {
  private static final KeepaliveOptions OPTIONS = KeepaliveOptions.defaults();
  private static final long SLACK_MS = 1_500;

  private static KeepaliveServer impersonate(AttackLab attack) throws Exception {
    Host attacker = attack.attacker();
    String address = attack.sourceAddress().getAddress().getHostAddress();
    String length = address.contains(":") ? "/64 nodad" : "/24";
    String add = "ip address add " + address + length + " dev " + attacker.device();
    attacker.run(add.split(" ", -1));
    attacker.run(AttackLab.attack("announce", address));
    return attacker.call(() -> KeepaliveServer.open(attack.sourceAddress()));
  }

  @ParameterizedTest
  @EnumSource
  void withoutAKeyAnImpostorDecidesTheCause(Family family) throws Exception {
    try (AttackLab attack = AttackLab.unsigned(family, OPTIONS);
        Fault cut = attack.source().linkDown();
        KeepaliveServer impostor = impersonate(attack)) {
      attack.recorder.await("failed RESET");
      KeepaliveOptions options = attack.link.options();
      attack.backup().call(() -> KeepaliveSocket.connect(attack.link.peer(), options)).close();
      assertEquals(0, impostor.refusals(), cut::toString);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anImpostorWithoutTheKeyIsNotHeard(Family family) throws Exception {
    try (AttackLab attack = AttackLab.signed(family, OPTIONS);
        Fault cut = attack.source().linkDown();
        KeepaliveServer impostor = impersonate(attack)) {
      Failure failure = attack.recorder.await("failed TIMED_OUT").failure();
      long tookMs = TimeUnit.NANOSECONDS.toMillis(failure.verdictNs() - cut.startedNs());
      long predictedMs = OPTIONS.worstCaseDetection().toMillis();
      assertTrue(tookMs <= predictedMs + SLACK_MS, () -> tookMs + " of " + predictedMs + " ms");
      assertSpokeInVain(attack);
      assertEquals(0, impostor.connections());
    }
  }

  /** A reset that is dropped is no reset: what was heard of it is but counted. */
  private static void assertSpokeInVain(AttackLab attack) throws Exception {
    assertTrue(
        AttackLab.counter(attack.attacker(), "TCPMD5Unexpected")
                + AttackLab.counter(attack.attacker(), "OutRsts")
            > 0,
        "the impostor got nothing to answer");
    assertThrows(
        SocketTimeoutException.class,
        () ->
            attack
                .backup()
                .call(
                    () ->
                        KeepaliveSocket.connect(
                            attack.link.peer(), attack.link.options(), Duration.ofMillis(500))));
    assertTrue(attack.recorder.calls().containsAll(List.of("up", "failover TIMED_OUT")));
  }
}
