package io.github.keepalive4j.cli.sockets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.TcpInfo.State;
import io.github.keepalive4j.internal.sockets.SocketOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How long a connection would hang, by the kernel's rules. */
class HangTimeTest {
  private static final SocketOptions SYSTEM = new SocketOptions(true, 7_200, 75, 9, 0);

  private static String hang(SocketViews socket) {
    return SocketText.hang(socket.build());
  }

  private static SocketViews established() {
    return SocketViews.in(State.ESTABLISHED);
  }

  private static SocketOptions withUserTimeout(int ms) {
    return new SocketOptions(true, 10, 4, 5, ms);
  }

  @Test
  void theSystemsDefaultsHangForHours() {
    assertEquals("idle: 2 h 11 min; sending: 15 min 24 s", hang(established().options(SYSTEM)));
  }

  @Test
  void withoutKeepaliveAnIdleConnectionHangsForEver() {
    assertEquals("idle: for ever; sending: 15 min 24 s", hang(established()));
    assertEquals(
        "idle: for ever; sending: 30 s",
        hang(established().options(new SocketOptions(false, 7_200, 75, 9, 29_600))));
  }

  @Test
  void timeSinceThePeerWasHeardCounts() {
    assertEquals(
        "idle: 11 min 15 s; sending: 15 min 24 s",
        hang(established().options(SYSTEM).heardMsAgo(7_200_000)));
  }

  /** It ends at the first probe's time that isn't before the user timeout; the count is ignored. */
  @ParameterizedTest
  @CsvSource({
    "1,       14",
    "14000,   14",
    "14001,   18",
    "18000,   18",
    "30000,   30",
    "30001,   34"
  })
  void aUserTimeoutReplacesTheCount(int userTimeoutMs, int seconds) {
    String told = hang(established().options(withUserTimeout(userTimeoutMs)));
    assertEquals("idle: " + seconds + " s", told.substring(0, told.indexOf(';')));
  }

  /**
   * A loss probe and the timeout take 400 ms. The retransmissions come 400, 1200, 2800, 6000 ms
   * after the first one, and the last is the first that isn't before {@code (2^(N+1) - 1) * 200
   * ms}.
   */
  @ParameterizedTest
  @CsvSource({"0, 800 ms", "1, 1.6 s", "2, 3.2 s", "3, 6.4 s", "8, 1 min 42 s", "15, 15 min 24 s"})
  void retriesAreATimeAndNotACount(int retries2, String time) {
    assertEquals("idle: for ever; sending: " + time, hang(established().retries2(retries2)));
  }

  /** A longer timeout reaches the same limit with fewer retransmissions. */
  @Test
  void aLongRoundTripTimeGivesUpEarlier() {
    assertEquals("idle: for ever; sending: 3.5 s", hang(established().retries2(3).rtoMs(220)));
  }

  @Test
  void whatIsSpentIsNoLongerLeft() {
    SocketViews stuck =
        established().unacked(1).queued(5).retries2(3).retransmits(2).rtoMs(800).sentMsAgo(500);
    assertEquals("sending: 5.1 s", hang(stuck)); // 6000 - 400 - 500 ms
    assertEquals("in flight for 1.1 s", inFlight(stuck)); // 200 + 400 + 500 ms
    assertEquals("sending: 4.1 s", hang(stuck.options(withUserTimeout(5_000))));
  }

  private static String inFlight(SocketViews socket) {
    String text = SocketText.of(socket.heardMsAgo(60_000).build());
    int start = text.indexOf("in flight");
    return text.substring(start, text.indexOf(':', start));
  }

  @Test
  void dataInFlightIsNoOlderThanTheLastAcknowledgement() {
    SocketView socket = established().unacked(1).queued(5).sentMsAgo(900).heardMsAgo(300).build();
    assertEquals(300, socket.inFlightFor().toMillis());
  }

  /** Set on a connection that is stuck already, it acts at the next retransmission. */
  @Test
  void aUserTimeoutThatHasPassedWaitsForTheNextRetransmission() {
    SocketViews stuck =
        established().unacked(1).queued(5).retransmits(6).rtoMs(12_800).sentMsAgo(2_800);
    assertEquals("sending: 10 s", hang(stuck.options(withUserTimeout(5_000))));
  }

  /** A closed window is probed 15 times, each time after twice as long, up to two minutes. */
  @Test
  void aClosedWindowIsProbed() {
    SocketViews held = established().queued(100_000).sendWindow(0);
    assertEquals("sending: 15 min 24 s", hang(held));
    assertEquals("sending: 32 min", hang(held.backoff(15)));
    assertEquals("sending: 5 s", hang(held.options(withUserTimeout(5_000))));
  }

  /** Turned on after a silence, keepalive begins then. */
  @Test
  void keepaliveThatBeganLateIsToldAtItsMost() {
    SocketViews late = established().options(withUserTimeout(0)).heardMsAgo(45_000);
    assertEquals("idle: at most 30 s; sending: 15 min 24 s", hang(late));
    assertEquals("idle: at most 20 s; sending: 15 min 24 s", hang(late.probes(1)));
  }

  /** Before it is connected, the kernel's times begin with the machine. */
  @Test
  void aConnectionAttemptIsNoOlderThanItsTimeouts() {
    SocketViews connecting =
        SocketViews.in(State.SYN_SENT).unacked(1).sentMsAgo(90_000_000).heardMsAgo(90_000_000);
    assertEquals(0, connecting.build().inFlightFor().toMillis());
    String text = SocketText.of(connecting.retransmits(6).build());
    assertTrue(text.contains("in flight for at least 7 s: 1 segment"), text);
    assertTrue(text.endsWith("nobody acknowledges: 6 retransmissions"), text);
  }

  @Test
  void aConnectionAttemptLastsForTwoMinutes() {
    SocketViews connecting = SocketViews.in(State.SYN_SENT).unacked(1);
    assertEquals("connecting: 2 min 11 s", hang(connecting));
    assertEquals("connecting: 2 min 6 s", hang(connecting.retransmits(5)));
  }

  @Test
  void whatIsHalfClosedSendsNoMore() {
    assertEquals("idle: 2 h 11 min", hang(SocketViews.in(State.FIN_WAIT2).options(SYSTEM)));
    assertEquals("closing: 15 min 24 s", hang(SocketViews.in(State.FIN_WAIT1).unacked(1)));
    assertEquals(
        "idle: 2 h 11 min; sending: 15 min 24 s",
        hang(SocketViews.in(State.CLOSE_WAIT).options(SYSTEM)));
  }

  @ParameterizedTest
  @EnumSource(names = {"LISTEN", "CLOSE"})
  void whatHasNoPeerHasOneLine(State state) {
    String text = SocketText.of(SocketViews.in(state).build());
    assertEquals(1, text.lines().count(), text);
  }

  @Test
  void defaultsThatAreAssumedAreToldSo() {
    assertEquals(
        "idle: for ever; sending: 15 min 24 s"
            + " (if tcp_retries2 is 15; its network namespace can't be read)",
        hang(established().unreadableSettings()));
  }
}
