package io.github.keepalive4j.zookeeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.ClaimRequest;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.testkit.event.ClaimRequests;
import io.github.keepalive4j.testkit.event.Failures;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a guard answers a source and a backup while the ensemble is unavailable. */
@Timeout(60)
class UnavailableTest {
  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final Duration BRIEF = Duration.ofMillis(300);
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final String REASON = "the ensemble is unavailable: ";

  private static ZooKeeperGuard.Builder builder() {
    return ZooKeeperGuard.builder("127.0.0.1:1", "vm1").requestTimeout(BRIEF);
  }

  /** Serves under a guard that has little time, though its answer may take long. */
  private static KeepaliveServer serve(ZooKeeperGuard guard) throws Exception {
    ClaimRequest brief = ClaimRequests.serving().remaining(BRIEF).build();
    return KeepaliveServer.builder().guard(request -> guard.claim(brief), AMPLE).open(ANY_PORT);
  }

  private static Claim takeOver(ZooKeeperGuard guard) throws Exception {
    TakeoverGuard armed = guard.arm();
    armed.connected();
    return armed.claim(ClaimRequests.takeover(Failures.timedOut(ANY_PORT).build()).build());
  }

  private static void requireNoClaim(Claim granted) {
    assertEquals(OptionalLong.empty(), granted.token());
    String description = granted.description();
    assertTrue(
        description.startsWith("granted without a claim, as configured: " + REASON), description);
  }

  @Test
  void aSourceDoesNotServeByDefault() {
    try (ZooKeeperGuard guard = builder().open()) {
      ClaimDeclinedException declined =
          assertThrows(ClaimDeclinedException.class, () -> serve(guard).close());
      assertTrue(declined.getMessage().startsWith(REASON), declined.getMessage());
    }
  }

  @Test
  void aSourceServesWithoutAClaimIfConfigured() throws Exception {
    try (ZooKeeperGuard guard = builder().whenUnavailable(Unavailable.GRANT).open();
        KeepaliveServer server = serve(guard)) {
      requireNoClaim(server.claim().orElseThrow());
      KeepaliveSocket.connect(server.localAddress(), KeepaliveOptions.defaults()).close();
    }
  }

  @Test
  void aBackupDoesNotTakeOverByDefault() {
    try (ZooKeeperGuard guard = builder().open()) {
      ClaimDeclinedException declined =
          assertThrows(ClaimDeclinedException.class, () -> takeOver(guard));
      assertTrue(declined.getMessage().startsWith(REASON), declined.getMessage());
    }
  }

  @Test
  void aBackupTakesOverWithoutAClaimIfConfigured() throws Exception {
    try (ZooKeeperGuard guard = builder().whenUnavailable(Unavailable.GRANT).open()) {
      requireNoClaim(takeOver(guard));
    }
  }
}
