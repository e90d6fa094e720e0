package io.github.keepalive4j.zookeeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.AbstractClaim;
import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.ClaimRequest;
import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.testkit.event.ClaimRequests;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** A backup sees who holds the claim without a link, and wins it once nobody does. */
@Timeout(60)
class ClaimWatchTest {
  private static final Duration AMPLE = Duration.ofSeconds(20);

  private static Quorum quorum;

  private String id;

  @BeforeAll
  static void startQuorum() throws Exception {
    quorum = Quorum.start();
  }

  @AfterAll
  static void stopQuorum() throws Exception {
    quorum.close();
  }

  @BeforeEach
  void nameTheSource(TestInfo test) {
    id = test.getTestMethod().orElseThrow().getName();
  }

  private ZooKeeperGuard guard(String name) throws Exception {
    ZooKeeperGuard guard = ZooKeeperGuard.builder(quorum.connectString(), id).holder(name).open();
    assertTrue(guard.awaitConnected(AMPLE));
    return guard;
  }

  /** Claims as a source that serves. */
  private static Claim serve(ZooKeeperGuard guard) throws Exception {
    Claim claim = guard.claim(ClaimRequests.serving().remaining(AMPLE).build());
    assertTrue(((AbstractClaim) claim).announce());
    return claim;
  }

  private static ClaimRequest afterClaimEnd() {
    long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    return ClaimRequest.afterClaimEnd(
        Map.of("KEEPALIVE_CAUSE", "CLAIM_ENDED"), () -> endNs - System.nanoTime());
  }

  private static ClaimStatus awaitHeld(ClaimWatch watch, String holder) throws Exception {
    Eventually.await(
        holder + " to hold the claim",
        AMPLE,
        () -> {
          ClaimStatus now = watch.status();
          return now.isHeld() && now.hasBegun() && now.holder().orElse("").equals(holder);
        });
    return watch.status();
  }

  private static ClaimStatus awaitVacant(ClaimWatch watch) throws Exception {
    Eventually.await(
        "the claim's end", AMPLE, () -> watch.status().isKnown() && !watch.status().isHeld());
    return watch.status();
  }

  @Test
  void oneOfTheBackupsThatSeeTheEndWinsTheClaim() throws Exception {
    try (ZooKeeperGuard source = guard("a");
        ZooKeeperGuard one = guard("b");
        ZooKeeperGuard other = guard("c")) {
      final Claim served = serve(source);
      ClaimWatch first = one.watchClaim(status -> {});
      ClaimWatch second = other.watchClaim(status -> {});
      ClaimStatus held = awaitHeld(first, "a");
      assertEquals(served.token(), held.token());
      assertTrue(held.isSource() && held.sourceClaims() && !held.isOwn());
      assertEquals(Duration.ZERO, held.vacantFor());
      assertThrows(IllegalArgumentException.class, () -> first.successor(held));
      awaitHeld(second, "a");
      served.release();
      TakeoverGuard successor = first.successor(awaitVacant(first));
      final TakeoverGuard late = second.successor(awaitVacant(second));
      Claim claim = successor.claim(afterClaimEnd());
      assertTrue(claim.token().getAsLong() > served.token().getAsLong());
      assertTrue(((AbstractClaim) claim).announce());
      ClaimDeclinedException declined =
          assertThrows(ClaimDeclinedException.class, () -> late.claim(afterClaimEnd()));
      assertTrue(declined.getMessage().startsWith("won by b "), declined.getMessage());
      assertTrue(awaitHeld(first, "b").isOwn());
      ClaimStatus beaten = awaitHeld(second, "b");
      assertFalse(beaten.isOwn() || beaten.isSource());
      assertTrue(beaten.sourceClaims());
      claim.release();
      assertTrue(awaitVacant(second).vacantFor().compareTo(Duration.ZERO) > 0);
    }
  }

  @Test
  void beforeTheFirstClaimNobodyHoldsIt() throws Exception {
    try (ZooKeeperGuard one = guard("b")) {
      ClaimWatch watch = one.watchClaim(status -> {});
      ClaimStatus vacant = awaitVacant(watch);
      assertEquals(OptionalLong.empty(), vacant.token());
      assertFalse(vacant.sourceClaims());
      Claim claim = watch.successor(vacant).claim(afterClaimEnd());
      assertTrue(((AbstractClaim) claim).announce());
      assertTrue(awaitHeld(watch, "b").isOwn());
    }
  }
}
