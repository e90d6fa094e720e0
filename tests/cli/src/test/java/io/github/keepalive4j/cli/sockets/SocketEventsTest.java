package io.github.keepalive4j.cli.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.sockets.SocketRule;
import io.github.keepalive4j.sockets.SweepListener.SocketUpdate;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is promised of a socket that was set. */
class SocketEventsTest {
  private static final SocketUpdate SET =
      SocketUpdate.of(
          new InetSocketAddress("192.0.2.1", 40_000),
          new InetSocketAddress("192.0.2.2", 5_432),
          SocketRule.within(Duration.ofSeconds(30)),
          Duration.ZERO,
          0);

  private static String promise(SocketUpdate update) {
    String text = SocketEvents.governed(new TargetProcess(4711, "java"), update).text();
    return text.substring(0, text.lastIndexOf(": "));
  }

  @Test
  void theRulesUserTimeoutFindsADeadPeerInTime() {
    assertEquals("from 192.0.2.1:40000: a dead peer is found within 30 s", promise(SET));
  }

  @Test
  void withoutAUserTimeoutKeepaliveIsAlone() {
    assertEquals(
        "from 192.0.2.1:40000: the peer doesn't read or answer now, so keepalive alone was set, which"
            + " doesn't run while data waits; --watch sets the rest once it does",
        promise(SET.withUserTimeout(Duration.ZERO)));
  }

  /** It was raised, because the window is closed. */
  @Test
  void aLongerUserTimeoutTakesABudgetAndAHalf() {
    assertEquals(
        "from 192.0.2.1:40000: the peer doesn't read now, so a dead one is found within 45 s",
        promise(SET.withUserTimeout(Duration.ofSeconds(60))));
  }

  @Test
  void aSocketsEventHasTheTimeOfItsReading() {
    SocketView read = SocketViews.in(TcpInfo.State.ESTABLISHED).build();
    Event told = SocketEvents.socket(new TargetProcess(4711, "java"), read);
    assertEquals(SocketViews.AT, told.at());
    assertEquals(SocketViews.READ_NS, told.monotonicNs());
  }
}
