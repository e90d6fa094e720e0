package io.github.keepalive4j.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LocalTrouble;
import io.github.keepalive4j.Md5Key;
import io.github.keepalive4j.Transport;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.LinkPair;
import io.github.keepalive4j.support.RequiresLab;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Lab;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What the JDK alone can't do, and says so. */
class JdkTransportTest {
  /** An option that the JDK has no way to set. */
  private record Refused(String name, UnaryOperator<KeepaliveOptions.Builder> setter) {
    KeepaliveOptions options() {
      return setter.apply(KeepaliveOptions.builder()).build();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static final List<Refused> refusals =
      List.of(
          new Refused("userTimeout", builder -> builder.userTimeout(Duration.ofSeconds(1))),
          new Refused("synCount", builder -> builder.synCount(2)),
          new Refused("device", builder -> builder.device("lo")),
          new Refused("mark", builder -> builder.mark(1)),
          new Refused("rtoMin", builder -> builder.rtoMin(Duration.ofMillis(20))),
          new Refused(
              "probe", builder -> builder.probe(Duration.ofMillis(10), Duration.ofMillis(50))),
          new Refused("md5Key", builder -> builder.md5Key(Md5Key.of(new byte[1]))),
          new Refused("singleHop", builder -> builder.singleHop(true)),
          new Refused("failWithoutCarrier", builder -> builder.failWithoutCarrier(true)),
          new Refused("suspectAfter", builder -> builder.suspectAfter(1)));

  @BeforeEach
  void selectJdk() {
    System.setProperty(Transport.PROPERTY, "jdk");
  }

  @AfterEach
  void unselectJdk() {
    System.clearProperty(Transport.PROPERTY);
  }

  @ParameterizedTest
  @FieldSource("refusals")
  void anOptionThatTheJdkCannotSetIsRefusedByName(Refused refused) {
    UnsupportedOperationException thrown =
        assertThrows(
            UnsupportedOperationException.class, () -> KeepaliveSocket.open(refused.options()));
    assertTrue(thrown.getMessage().contains(refused.name()), thrown.getMessage());
  }

  @Test
  void aBudgetThatTakesProbesIsRefused() {
    UnsupportedOperationException thrown =
        assertThrows(
            UnsupportedOperationException.class,
            () -> KeepaliveOptions.detectWithin(Duration.ofSeconds(1)));
    assertTrue(thrown.getMessage().contains("use the native transport"), thrown.getMessage());
  }

  @Test
  void aServersOwnSettingsAreRefusedByName() {
    assertRefused("mark", KeepaliveServer.builder().mark(1));
    assertRefused("md5Key", KeepaliveServer.builder().md5Key(Md5Key.of(new byte[1])));
    assertRefused("singleHop", KeepaliveServer.builder().singleHop(true));
  }

  private static void assertRefused(String name, KeepaliveServer.Builder builder) {
    UnsupportedOperationException thrown =
        assertThrows(
            UnsupportedOperationException.class, () -> builder.open(new InetSocketAddress(0)));
    assertTrue(thrown.getMessage().contains(name), thrown.getMessage());
  }

  @Test
  void whatTheJdkCanSetIsReadBack() throws Exception {
    KeepaliveOptions options =
        KeepaliveOptions.builder()
            .idle(Duration.ofSeconds(7))
            .interval(Duration.ofSeconds(8))
            .count(9)
            .noDelay(true)
            .sourceAddress(new InetSocketAddress("127.0.0.2", 0))
            .suspectAfter(0)
            .build();
    try (FailingSource source = new FailingSource();
        LinkPair pair = source.connect(options)) {
      KeepaliveOptions effective = pair.link().effectiveOptions();
      assertEquals(options.idle(), effective.idle());
      assertEquals(options.interval(), effective.interval());
      assertEquals(options.count(), effective.count());
      assertTrue(effective.noDelay());
      assertEquals(Optional.of(pair.source().getRemoteSocketAddress()), effective.sourceAddress());
    }
  }

  @Test
  void theKernelsEvidenceIsNotToBeHad() throws Exception {
    try (FailingSource source = new FailingSource();
        LinkPair pair = source.connect()) {
      assertThrows(UnsupportedOperationException.class, pair.link()::tcpInfo);
      assertThrows(UnsupportedOperationException.class, pair.link()::fd);
    }
  }

  @Test
  @RequiresLab
  void aSilentCutIsATimeout() throws Exception {
    KeepaliveOptions options = KeepaliveOptions.builder().count(1).build();
    try (LabLink lab = LabLink.open(options)) {
      Fault cut = lab.source().drop();
      Failure failure = lab.recorder.await("failed TIMED_OUT").failure();
      assertEquals(Optional.of("ETIMEDOUT"), failure.errnoName());
      assertTrue(failure.verdictNs() - cut.effectiveNs() < Duration.ofSeconds(4).toNanos());
      assertEquals(List.of("up", "failover TIMED_OUT", "failed TIMED_OUT"), lab.recorder.calls());
    }
  }

  @Test
  @RequiresLab
  void probesThatTheNetworkRejectsAreUnreachable() throws Exception {
    KeepaliveOptions options = KeepaliveOptions.builder().count(1).build();
    try (LabLink lab = LabLink.open(options)) {
      Fault reject = lab.source().reject();
      Failure failure = lab.recorder.await("failed UNREACHABLE").failure();
      assertEquals(Optional.of("EHOSTUNREACH"), failure.errnoName(), reject::toString);
    }
  }

  @Test
  @RequiresLab
  void aConnectionKilledOnThisHostIsAborted() throws Exception {
    try (LabLink lab = LabLink.open(KeepaliveOptions.defaults())) {
      assertEquals(1, lab.backup().killSockets(lab.link.peer()));
      Failure failure = lab.recorder.await("aborted").failure();
      assertEquals(Optional.of("ECONNABORTED"), failure.errnoName());
      assertEquals(List.of("up", "aborted"), lab.recorder.calls());
    }
  }

  @Test
  @RequiresLab
  void troubleOnThisSideIsFoundOnceTheLinkIsClosed() throws Exception {
    KeepaliveOptions options = KeepaliveOptions.builder().count(1).build();
    try (LabLink lab = LabLink.open(options)) {
      Fault gone = lab.backup().removeAddress();
      Failure failure = lab.recorder.await("failed TIMED_OUT").failure();
      Eventually.await("the link is closed", () -> !lab.link.isOpen());
      assertEquals(
          Optional.of(LocalTrouble.ADDRESS_GONE),
          lab.backup().call(failure::checkLocalTrouble),
          gone::toString);
    }
  }

  @Test
  @RequiresLab
  void aWaitingCallerIsReportedOfATimeoutToo() throws Exception {
    KeepaliveOptions options = KeepaliveOptions.builder().count(1).build();
    try (Lab lab = Lab.open();
        KeepaliveServer server =
            lab.source()
                .call(() -> KeepaliveServer.open(new InetSocketAddress(lab.source().ipv4(), 0)));
        KeepaliveSocket link =
            lab.backup().call(() -> KeepaliveSocket.connect(server.localAddress(), options))) {
      Fault cut = lab.source().drop();
      Failure failure = link.awaitFailure(Duration.ofSeconds(10)).orElseThrow();
      assertEquals(FailureCause.TIMED_OUT, failure.cause());
      cut.close();
    }
  }
}
