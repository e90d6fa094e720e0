package io.github.keepalive4j.fast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.support.RequiresLab;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Stop-and-wait: never a second probe before the first is acknowledged. */
@RequiresLab
class ProbeOutstandingTest {
  private static final Duration BUDGET = Duration.ofMillis(200);
  private static final int SAMPLES = 2_000;

  /** IPv4 and TCP headers with timestamps, and the probe. */
  private static final int SEGMENT_BYTES = 20 + 32 + 1;

  private static final String CUT =
      """
      table inet counted_cut {
        counter dropped {}
        chain incoming {
          type filter hook prerouting priority -300; policy accept;
          tcp dport %d counter name "dropped" drop
        }
      }
      """;

  private static final Pattern DROPPED = Pattern.compile("packets (\\d+) bytes (\\d+)");

  @Test
  void oneProbeAtMostIsUnderWay() throws Exception {
    KeepaliveOptions options =
        KeepaliveOptions.detectWithin(BUDGET).toBuilder()
            .probe(Duration.ofMillis(1), BUDGET)
            .build();
    try (Testbed lab = Testbed.open()) {
      WatchedLink link = lab.watch(options);
      for (int i = 0; i < SAMPLES; i++) {
        assertTrue(link.socket().tcpInfo().unacked() <= 1);
      }
      lab.source().run("nft", CUT.formatted(Testbed.PORT));
      assertTrue(mostUnderWay(link) <= 1);
      assertEquals(1, link.awaitFailure().tcpInfo().orElseThrow().unacked());
      assertOneProbeWasSentAgain(lab);
    }
  }

  private static long mostUnderWay(WatchedLink link) throws Exception {
    long most = 0;
    while (!link.failover().isDone()) {
      most = Math.max(most, unackedUnlessClosed(link));
    }
    return most;
  }

  private static long unackedUnlessClosed(WatchedLink link) throws Exception {
    try {
      return link.socket().tcpInfo().unacked();
    } catch (ClosedChannelException e) {
      return 0; // the failover has come meanwhile
    }
  }

  /** The first probe that was lost, and what the kernel sent of it again: no other byte. */
  private static void assertOneProbeWasSentAgain(Testbed lab) throws Exception {
    Matcher dropped =
        DROPPED.matcher(
            lab.source().run("nft", "list", "counter", "inet", "counted_cut", "dropped"));
    assertTrue(dropped.find());
    long packets = Long.parseLong(dropped.group(1));
    assertTrue(packets >= 2 && packets <= 10, dropped::group);
    assertTrue(Long.parseLong(dropped.group(2)) <= packets * SEGMENT_BYTES, dropped::group);
  }
}
