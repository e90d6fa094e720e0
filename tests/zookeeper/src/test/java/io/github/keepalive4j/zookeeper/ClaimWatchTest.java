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
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.testkit.event.ClaimRequests;
import io.github.keepalive4j.testkit.event.Failures;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
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

  /** A holder in this JVM answers within the time to acknowledge. */
  private ZooKeeperGuard guard(String name) throws Exception {
    ZooKeeperGuard guard =
        ZooKeeperGuard.builder(quorum.connectString(), id)
            .holder(name)
            .acknowledgeTimeout(Duration.ofSeconds(2))
            .releaseTimeout(AMPLE)
            .open();
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
    return afterClaimEnd(AMPLE);
  }

  private static ClaimRequest afterClaimEnd(Duration limit) {
    long endNs = System.nanoTime() + limit.toNanos();
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
  void theLastHolderThatActedIsWaitedForThoughAnotherWinnerGaveUp() throws Exception {
    try (ZooKeeperGuard source = guard("a");
        ZooKeeperGuard one = guard("b");
        ZooKeeperGuard other = guard("c")) {
      CompletableFuture<Void> stopped = new CompletableFuture<>();
      serve(source).addLossListener(loss -> stopped.join());
      ClaimWatch watch = other.watchClaim(status -> {});
      awaitHeld(watch, "a");
      Background<Claim> winner = takeOver(one);
      awaitHolder(watch, "b");
      winner.interrupt(); // while it waits for a, so that it never begins
      assertThrows(InterruptedException.class, winner::get);
      TakeoverGuard hasty = watch.successor(awaitVacant(watch));
      String heard =
          assertThrows(
                  ClaimDeclinedException.class,
                  () -> hasty.claim(afterClaimEnd(Duration.ofSeconds(2))))
              .getMessage();
      assertTrue(heard.startsWith("a (token "), heard);
      assertTrue(heard.contains("is stopping"), heard);
      stopped.complete(null);
      awaitHolder(watch, "c");
      Claim claim = watch.successor(awaitVacant(watch)).claim(afterClaimEnd());
      assertTrue(claim.description().endsWith("has stopped"), claim.description());
    }
  }

  /** Begins to take over from the holder, as a watch whose link has failed. */
  private static Background<Claim> takeOver(ZooKeeperGuard guard) throws Exception {
    TakeoverGuard armed = guard.arm();
    armed.connected();
    Eventually.await("armed", AMPLE, () -> guard.arming().state() == Arming.State.ARMED);
    InetAddress address = InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1});
    ClaimRequest request =
        ClaimRequests.takeover(Failures.timedOut(new InetSocketAddress(address, 9999)).build())
            .remaining(AMPLE)
            .build();
    return Background.start(() -> armed.claim(request));
  }

  private static void awaitHolder(ClaimWatch watch, String holder) throws Exception {
    Eventually.await(
        holder + " to win", AMPLE, () -> watch.status().holder().orElse("").equals(holder));
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
