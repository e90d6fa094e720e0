package io.github.keepalive4j.zookeeper;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimRequest;
import io.github.keepalive4j.TakeoverGuard;
import java.util.concurrent.CompletableFuture;

/**
 * The guard of one watch: it may end the reign that it found when the watch began, or that of a
 * winner which has ended without having begun, and no other, so that who comes second doesn't take
 * over from who came first.
 */
final class ArmedGuard implements TakeoverGuard {
  private final ZooKeeperGuard guard;
  private final CompletableFuture<ClaimRecord> found;

  ArmedGuard(ZooKeeperGuard guard, CompletableFuture<ClaimRecord> found) {
    this.guard = guard;
    this.found = found;
  }

  @Override
  public Claim claim(ClaimRequest request) throws Exception {
    return guard.takeOver(found, request);
  }
}
