package io.github.keepalive4j.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.TcpInfo.State;
import io.github.keepalive4j.TransportLink;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.LinkPair;
import io.github.keepalive4j.support.Sockets;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The kernel's snapshot, held against what {@code ss -i} reads of it. */
class TcpInfoTest {
  @Test
  void theSnapshotSaysWhatSsSays() throws Exception {
    KeepaliveOptions quiet = KeepaliveOptions.builder().idle(Duration.ofHours(1)).build();
    try (FailingSource source = new FailingSource();
        LinkPair pair = source.connect(quiet)) {
      TransportLink.of(pair.link()).send((byte) 'P');
      TransportLink.of(pair.link()).send((byte) 'P');
      Eventually.await(
          "both are acknowledged", () -> pair.link().tcpInfo().bytesAcked() == 3); // with the SYN
      TcpInfo info = pair.link().tcpInfo();
      String ss = Sockets.describe("dport", source.address().getPort());
      assertEquals(State.ESTABLISHED, info.state());
      assertEquals(field(ss, "mss"), info.sndMss());
      assertEquals(field(ss, "pmtu"), info.pmtu());
      assertEquals(field(ss, "cwnd"), info.sndCwnd());
      assertEquals(field(ss, "segs_out"), info.segsOut());
      assertEquals(field(ss, "segs_in"), info.segsIn());
      assertEquals(milliseconds(ss, "rtt"), info.rtt());
      assertEquals(milliseconds(ss, "minrtt"), info.minRtt().orElseThrow());
      assertEquals(milliseconds(ss, "rto"), info.rto());
    }
  }

  private static long field(String ss, String name) {
    return (long) decimal(ss, name);
  }

  private static Duration milliseconds(String ss, String name) {
    return Duration.ofNanos(1_000 * Math.round(1_000 * decimal(ss, name)));
  }

  private static double decimal(String ss, String name) {
    Matcher matcher = Pattern.compile("\\b" + name + ":([0-9.]+)").matcher(ss);
    assertTrue(matcher.find(), () -> name + " in " + ss);
    return Double.parseDouble(matcher.group(1));
  }

  @Test
  void aHealthyIdleLinkOwesNothing() throws Exception {
    try (FailingSource source = new FailingSource();
        LinkPair pair = source.connect()) {
      TcpInfo info = pair.link().tcpInfo();
      assertEquals(0, info.probes());
      assertEquals(0, info.unacked());
      assertEquals(0, info.retransmits());
      assertEquals(0, info.backoff());
      assertEquals(0, info.lost());
      assertEquals(0, info.retrans());
      assertEquals(0, info.totalRetrans());
      assertEquals(0, info.bytesReceived());
    }
  }

  @Test
  void whatIsReceivedIsCounted() throws Exception {
    try (FailingSource source = new FailingSource();
        LinkPair pair = source.connect()) {
      pair.send('G');
      Eventually.await("one byte", () -> pair.link().tcpInfo().bytesReceived() == 1);
    }
  }

  @Test
  void theSilenceGrowsUntilTheSourceIsHeard() throws Exception {
    try (FailingSource source = new FailingSource();
        LinkPair pair = source.connect()) {
      Eventually.await(
          "100 ms of silence", () -> pair.link().tcpInfo().silence().toMillis() >= 100);
      pair.send('G');
      Eventually.await("less", () -> pair.link().tcpInfo().silence().toMillis() < 100);
    }
  }

  @Test
  void whatAnOldKernelDoesNotTellIsMissing() {
    TcpInfo info = TcpInfo.of(struct(104));
    assertEquals(State.ESTABLISHED, info.state());
    assertEquals(-1, info.bytesAcked());
    assertEquals(-1, info.bytesReceived());
    assertEquals(-1, info.segsOut());
    assertEquals(-1, info.segsIn());
    assertEquals(Optional.empty(), info.minRtt());
    assertEquals(-1, info.notSentBytes());
    assertEquals(-1, info.sndWnd());
  }

  /** The places are those of {@code struct tcp_info} in include/uapi/linux/tcp.h. */
  @Test
  void eachFieldIsReadFromItsOwnPlace() {
    TcpInfo info = TcpInfo.of(numbered());
    assertEquals(State.SYN_SENT, info.state());
    assertEquals(202, info.retransmits());
    assertEquals(203, info.probes());
    assertEquals(204, info.backoff());
    assertEquals(microseconds(1_008), info.rto());
    assertEquals(1_016, info.sndMss());
    assertEquals(1_024, info.unacked());
    assertEquals(1_032, info.lost());
    assertEquals(1_036, info.retrans());
    assertEquals(Duration.ofMillis(1_044), info.sinceDataSent());
    assertEquals(Duration.ofMillis(1_052), info.sinceDataReceived());
    assertEquals(Duration.ofMillis(1_056), info.sinceAckReceived());
    assertEquals(Duration.ofMillis(1_052), info.silence());
    assertEquals(1_060, info.pmtu());
    assertEquals(microseconds(1_068), info.rtt());
    assertEquals(microseconds(1_072), info.rttVar());
    assertEquals(1_080, info.sndCwnd());
    assertEquals(1_100, info.totalRetrans());
    assertEquals(5_000_000_120L, info.bytesAcked());
    assertEquals(5_000_000_128L, info.bytesReceived());
    assertEquals(1_136, info.segsOut());
    assertEquals(1_140, info.segsIn());
    assertEquals(Optional.of(microseconds(1_148)), info.minRtt());
    assertEquals(1_144, info.notSentBytes());
    assertEquals(1_228, info.sndWnd());
  }

  /** Each place has a number of its own. */
  private static ByteBuffer numbered() {
    ByteBuffer struct = ByteBuffer.allocate(232);
    for (int at = 0; at < 8; at++) {
      struct.put(at, (byte) (200 + at));
    }
    for (int at = 8; at < 232; at += 4) {
      struct.putInt(at, 1_000 + at);
    }
    return struct.put(0, (byte) 2).putLong(120, 5_000_000_120L).putLong(128, 5_000_000_128L);
  }

  private static Duration microseconds(long count) {
    return Duration.ofNanos(1_000 * count);
  }

  @Test
  void aStructWithoutAStateOrWithMissingFieldsIsRefused() {
    String tooShort = refusalOf(struct(103));
    assertEquals("struct has 103 bytes, which is less than 104", tooShort);
    String unknown = refusalOf(struct(104).put(0, (byte) 13));
    assertEquals("struct has state 13, which is not from 1 to 12", unknown);
  }

  private static String refusalOf(ByteBuffer struct) {
    return assertThrows(IllegalArgumentException.class, () -> TcpInfo.of(struct)).getMessage();
  }

  /** The kernel's struct of an established connection, cut off at a length. */
  private static ByteBuffer struct(int length) {
    return ByteBuffer.allocate(length).put(0, (byte) 1);
  }

  @Test
  void snapshotsAreEqualByTheirFieldsAndNameThemInTheirText() {
    TcpInfo info = TcpInfo.of(struct(152));
    assertEquals(info, TcpInfo.of(struct(152)));
    assertEquals(info.hashCode(), TcpInfo.of(struct(152)).hashCode());
    assertNotEquals(info, TcpInfo.of(struct(152).put(3, (byte) 2)));
    assertTrue(info.toString().startsWith("TcpInfo[state=ESTABLISHED, retransmits=0, probes=0"));
  }

  @Test
  void theStateAfterAFinIsReported() throws Exception {
    try (FailingSource source = new FailingSource();
        LinkPair pair = source.connect()) {
      pair.finish();
      Eventually.await("the FIN", () -> pair.link().tcpInfo().state() == State.CLOSE_WAIT);
    }
  }
}
