package io.github.keepalive4j.testkit.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.ClaimLoss;
import io.github.keepalive4j.ClaimRequest;
import io.github.keepalive4j.Failover;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EventsTest {
  private static final InetSocketAddress SOURCE = new InetSocketAddress("192.0.2.1", 7400);

  static List<Arguments> causes() {
    return List.of(
        Arguments.of(Failures.timedOut(SOURCE), FailureCause.TIMED_OUT, "ETIMEDOUT"),
        Arguments.of(Failures.unreachable(SOURCE), FailureCause.UNREACHABLE, "EHOSTUNREACH"),
        Arguments.of(Failures.reset(SOURCE), FailureCause.RESET, "ECONNRESET"),
        Arguments.of(Failures.closed(SOURCE), FailureCause.CLOSED, null),
        Arguments.of(Failures.hung(SOURCE), FailureCause.HUNG, null),
        Arguments.of(Failures.noCarrier(SOURCE), FailureCause.NO_CARRIER, null),
        Arguments.of(Failures.workloadEnded(SOURCE), FailureCause.WORKLOAD_ENDED, null),
        Arguments.of(Failures.left(SOURCE), FailureCause.LEFT, null),
        Arguments.of(Failures.violated(SOURCE, 0x47), FailureCause.VIOLATED, null),
        Arguments.of(Failures.aborted(SOURCE), FailureCause.ABORTED, "ECONNABORTED"));
  }

  @ParameterizedTest
  @MethodSource("causes")
  void aFailureHasItsCauseAndTheErrnoThatGoesWithIt(
      Failures.Builder builder, FailureCause cause, String errnoName) {
    Failure failure = builder.build();
    assertEquals(cause, failure.cause());
    assertEquals(Optional.ofNullable(errnoName), failure.errnoName());
    assertEquals(SOURCE, failure.peer());
    assertEquals(SOURCE, failure.link().peer());
    assertEquals(Optional.empty(), failure.silence());
    assertEquals(Optional.empty(), failure.tcpInfo());
    assertEquals(Optional.empty(), failure.checkLocalTrouble());
    assertEquals(
        cause == FailureCause.VIOLATED ? OptionalInt.of(0x47) : OptionalInt.empty(),
        failure.octet());
  }

  @Test
  void aFailureTellsTheSilenceAndTheErrnoThatWereSet() {
    Failure failure =
        Failures.unreachable(SOURCE).silence(Duration.ofMillis(1500)).errno(101).build();
    assertEquals(Optional.of(Duration.ofMillis(1500)), failure.silence());
    assertEquals(failure.verdictNs() - 1_500_000_000L, failure.lastHeardNs().orElseThrow());
    assertTrue(System.nanoTime() - failure.callbackNs() < 10_000_000_000L);
    assertEquals(Optional.of("ENETUNREACH"), failure.errnoName());
    assertEquals("1500", failure.toEnvironment().get("KEEPALIVE_LAST_HEARD_MS"));
  }

  @Test
  void anAddressThatThisMachineLacksIsLocalTrouble() {
    InetSocketAddress lost = new InetSocketAddress("192.0.2.77", 40_000);
    assertTrue(
        Failures.timedOut(SOURCE).localAddress(lost).build().checkLocalTrouble().isPresent());
  }

  @Test
  void theLinkOfABuiltFailureIsOver() throws Exception {
    Failure failure = Failures.reset(SOURCE).build();
    assertThrows(ClosedChannelException.class, failure.link()::classify);
    assertThrows(ClosedChannelException.class, failure.link()::effectiveOptions);
    failure.link().close();
    assertEquals(SOURCE, failure.peer());
  }

  @Test
  void aFailureThatCannotBeIsRefused() {
    InetSocketAddress unresolved = InetSocketAddress.createUnresolved("db", 7400);
    assertThrows(IllegalArgumentException.class, () -> Failures.timedOut(unresolved));
    assertThrows(IllegalArgumentException.class, () -> Failures.violated(SOURCE, 256));
    assertThrows(IllegalArgumentException.class, () -> Failures.reset(SOURCE).errno(-1));
    assertThrows(
        IllegalArgumentException.class, () -> Failures.reset(SOURCE).silence(Duration.ofNanos(-1)));
    assertThrows(IllegalArgumentException.class, Failovers::of);
    assertThrows(IllegalArgumentException.class, ClaimRequests::takeover);
  }

  @Test
  void aFailoverHasItsFailuresAndItsClaim() {
    Failure first = Failures.timedOut(SOURCE).build();
    Failure second = Failures.reset(SOURCE).build();
    Failover bare = Failovers.of(first, second).build();
    assertEquals(List.of(first, second), bare.failures());
    assertSame(second, bare.failure());
    assertEquals(Optional.empty(), bare.claim());

    TestClaim claim = TestClaim.withToken(7);
    Failover claimed = Failovers.of(first).claim(claim).build();
    assertSame(claim, claimed.claim().orElseThrow());
    assertEquals("7", claimed.toEnvironment().get("KEEPALIVE_TOKEN"));
  }

  @Test
  void aTestClaimIsLostWhenTheTestSaysSo() {
    TestClaim claim = TestClaim.create();
    Failover failover = Failovers.of(Failures.closed(SOURCE).build()).claim(claim).build();
    List<String> losses = new ArrayList<>();
    failover.onClaimLost(loss -> losses.add(loss.reason()));
    assertTrue(claim.isValid());
    claim.lose("the lease ended");
    claim.lose("again");
    assertEquals(List.of("the lease ended"), losses);
    assertFalse(claim.isValid());
  }

  @Test
  void aReleasedTestClaimIsNotLost() {
    TestClaim claim = TestClaim.create();
    List<ClaimLoss> losses = new ArrayList<>();
    claim.addLossListener(losses::add);
    claim.release();
    claim.lose("too late");
    assertEquals(List.of(), losses);
  }

  @Test
  void aRequestIsABackupsOrASources() {
    Failure failure = Failures.hung(SOURCE).build();
    ClaimRequest takeover =
        ClaimRequests.takeover(failure).remaining(Duration.ofSeconds(60)).build();
    assertTrue(takeover.isTakeover());
    assertSame(failure, takeover.failure().orElseThrow());
    assertTrue(takeover.remaining().compareTo(Duration.ofSeconds(30)) > 0);
    assertTrue(takeover.remaining().compareTo(Duration.ofSeconds(60)) <= 0);

    ClaimRequest serving = ClaimRequests.serving().remaining(Duration.ZERO).build();
    assertFalse(serving.isTakeover());
    assertTrue(serving.remaining().compareTo(Duration.ZERO) <= 0);
    assertTrue(ClaimRequests.serving().build().remaining().compareTo(Duration.ofSeconds(5)) > 0);
  }
}
