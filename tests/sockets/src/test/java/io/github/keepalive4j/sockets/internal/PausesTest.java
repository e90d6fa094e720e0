package io.github.keepalive4j.sockets.internal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.sockets.SocketRule;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a socket is looked at, with scans as far apart as they may be. */
class PausesTest {
  private static final long SCAN_NS = TimeUnit.MILLISECONDS.toNanos(950);
  private static final long YOUTH_NS = TimeUnit.SECONDS.toNanos(10);
  private static final long SOON_NS = TimeUnit.SECONDS.toNanos(7);
  private static final long AT_THE_LATEST_NS = TimeUnit.MINUTES.toNanos(2);
  private static final long END_NS = TimeUnit.HOURS.toNanos(1);

  @ParameterizedTest
  @ValueSource(longs = {3_375, 6_000, 30_000, 180_000, 600_000})
  void theOptionsAreReadSoonWhileASocketIsYoungAndAtLastWithinTwoMinutes(long budgetMs) {
    Pauses pauses = new Pauses(Sweeper.PERIOD);
    TrackedSocket socket = new TrackedSocket(7, 1);
    socket.govern(new GovernedRule(SocketRule.within(Duration.ofMillis(budgetMs))), 0);
    long readNs = 0;
    long lookNs = pauses.afterLookNs(socket, 0);
    int reads = 0;
    for (long nowNs = 0; nowNs < END_NS; nowNs += SCAN_NS) {
      if (nowNs < lookNs) {
        continue;
      }
      if (pauses.wantsOptions(socket, nowNs)) {
        assertTrue(nowNs - readNs <= (nowNs < YOUTH_NS ? SOON_NS : AT_THE_LATEST_NS), "" + nowNs);
        readNs = nowNs;
        reads++;
      }
      pauses.noteLook(socket, nowNs);
      lookNs = nowNs + pauses.afterLookNs(socket, nowNs);
    }
    assertTrue(END_NS - readNs <= AT_THE_LATEST_NS);
    assertTrue(
        reads <= 10 + END_NS / TimeUnit.MILLISECONDS.toNanos(Math.min(60_000, 2 * budgetMs)));
  }
}
