package io.github.keepalive4j.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.InLab;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Host;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every cause, by a fault that the kernel itself sees. */
@InLab
class FailureCauseTest {
  private static final KeepaliveOptions ONE_PROBE = KeepaliveOptions.builder().count(1).build();
  private static final KeepaliveOptions TWO_SECONDS_OF_DATA =
      KeepaliveOptions.builder().userTimeout(Duration.ofSeconds(2)).build();

  /** Enough for it to be sent again after the route has been taken away. */
  private static final KeepaliveOptions SIX_SECONDS_OF_DATA =
      KeepaliveOptions.builder().userTimeout(Duration.ofSeconds(6)).build();

  /** A fault that cuts the backup off without a word. */
  private record Silence(String name, Cut cut) {
    @Override
    public String toString() {
      return name;
    }
  }

  private interface Cut {
    Fault of(Host source, Host backup) throws IOException;
  }

  static final List<Silence> silences =
      List.of(
          new Silence("the source receives nothing", (source, backup) -> source.dropIncoming()),
          new Silence("the source sends nothing", (source, backup) -> source.dropOutgoing()),
          new Silence("the backup is cut off", (source, backup) -> backup.drop()),
          new Silence("the source's link is down", (source, backup) -> source.linkDown()),
          new Silence("the backup's link is down", (source, backup) -> backup.linkDown()),
          new Silence("the source's address is gone", (source, backup) -> source.removeAddress()),
          new Silence("the backup's address is gone", (source, backup) -> backup.removeAddress()));

  @ParameterizedTest
  @FieldSource("silences")
  void silenceOnAnIdleLinkIsATimeout(Silence silence) throws Exception {
    try (LabLink lab = LabLink.open(ONE_PROBE)) {
      Fault fault = silence.cut().of(lab.source(), lab.backup());
      Failure failure = lab.recorder.await("failed TIMED_OUT").failure();
      assertEquals(Optional.of("ETIMEDOUT"), failure.errnoName());
      assertTrue(failure.verdictNs() - fault.effectiveNs() < Duration.ofSeconds(4).toNanos());
    }
  }

  @Test
  void unansweredDataIsATimeoutToo() throws Exception {
    try (LabLink lab = LabLink.open(TWO_SECONDS_OF_DATA)) {
      Fault cut = lab.source().drop();
      lab.probe();
      Failure failure = lab.recorder.await("failed TIMED_OUT").failure();
      assertTrue(failure.tcpInfo().orElseThrow().totalRetrans() > 0);
      assertTrue(failure.verdictNs() - cut.effectiveNs() < Duration.ofSeconds(5).toNanos());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void probesThatTheNetworkRejectsAreUnreachable(int count) throws Exception {
    KeepaliveOptions options = KeepaliveOptions.builder().count(count).build();
    try (LabLink lab = LabLink.open(options)) {
      Fault reject = lab.source().reject();
      Failure failure = lab.recorder.await("failed UNREACHABLE").failure();
      assertEquals(Optional.of("EHOSTUNREACH"), failure.errnoName());
      assertTrue(failure.verdictNs() - reject.effectiveNs() < Duration.ofSeconds(6).toNanos());
    }
  }

  @Test
  void dataThatTheNetworkRejectsIsUnreachable() throws Exception {
    for (boolean ipv6 : new boolean[] {false, true}) {
      try (LabLink lab =
          ipv6 ? LabLink.overIpv6(TWO_SECONDS_OF_DATA) : LabLink.open(TWO_SECONDS_OF_DATA)) {
        Fault reject = lab.source().reject();
        lab.probe();
        Failure failure = lab.recorder.await("failed UNREACHABLE").failure();
        assertEquals(Optional.of("EHOSTUNREACH"), failure.errnoName());
        assertTrue(failure.verdictNs() - reject.effectiveNs() < Duration.ofSeconds(5).toNanos());
      }
    }
  }

  @Test
  void dataWithoutARouteIsUnreachable() throws Exception {
    try (LabLink lab = LabLink.open(SIX_SECONDS_OF_DATA)) {
      Fault cut = lab.source().drop();
      lab.probe();
      Fault removed = lab.backup().removeAddress();
      Failure failure = lab.recorder.await("failed UNREACHABLE").failure();
      assertEquals(Optional.of("ENETUNREACH"), failure.errnoName());
      cut.close();
      assertTrue(failure.verdictNs() - removed.effectiveNs() < Duration.ofSeconds(9).toNanos());
    }
  }

  @Test
  void aConnectionKilledOnTheSourceIsAReset() throws Exception {
    try (LabLink lab = LabLink.open(KeepaliveOptions.defaults())) {
      assertTrue(lab.source().killSockets(lab.backup()) > 0);
      Failure failure = lab.recorder.await("failed RESET").failure();
      assertEquals(Optional.of("ECONNRESET"), failure.errnoName());
    }
  }

  @Test
  void aConnectionKilledOnTheBackupIsAborted() throws Exception {
    try (LabLink lab = LabLink.open(KeepaliveOptions.defaults())) {
      assertEquals(1, lab.backup().killSockets(lab.link.peer()));
      Failure failure = lab.recorder.await("aborted").failure();
      assertEquals(FailureCause.ABORTED, failure.cause());
      assertEquals(Optional.of("ECONNABORTED"), failure.errnoName());
      assertEquals(List.of("up", "aborted"), lab.recorder.calls());
    }
  }

  @Test
  void aServerThatClosesIsClosed() throws Exception {
    try (LabLink lab = LabLink.open(KeepaliveOptions.defaults())) {
      Eventually.await("accepted", () -> lab.server.connections() == 1); // else it is reset
      lab.server.close();
      assertEquals(Optional.empty(), lab.recorder.await("failed CLOSED").failure().errnoName());
      assertEquals(List.of("up", "failover CLOSED", "failed CLOSED"), lab.recorder.calls());
    }
  }

  @Test
  void anOwnPollLoopIsReportedTheSame() throws Exception {
    try (LabLink lab = LabLink.open(ONE_PROBE)) {
      assertTrue(lab.monitor.unwatch(lab.link));
      Fault cut = lab.source().drop();
      Eventually.await("a verdict", () -> lab.link.classify().isPresent());
      Failure failure = lab.link.classify().orElseThrow();
      assertEquals(FailureCause.TIMED_OUT, failure.cause());
      assertTrue(failure.verdictNs() - cut.effectiveNs() < Duration.ofSeconds(4).toNanos());
    }
  }
}
