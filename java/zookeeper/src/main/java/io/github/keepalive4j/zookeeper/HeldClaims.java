package io.github.keepalive4j.zookeeper;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;

/** The claims that one guard holds. Thread-safe. */
final class HeldClaims {
  private final ClaimContext context;
  private final Set<ZooKeeperClaim> held = ConcurrentHashMap.newKeySet();

  HeldClaims(ClaimContext context) {
    this.context = context;
  }

  Ensemble ensemble() {
    return context.ensemble();
  }

  /** Returns this side in a role, as it is to stand in the record. */
  Holder holder(Holder.Role role) {
    return new Holder(context.holder(), role);
  }

  /**
   * Adds a claim that was won.
   *
   * @param replaced the record that the claim's transaction replaced
   * @param sentNs when the request that won it was sent, on {@link System#nanoTime}'s clock
   */
  ZooKeeperClaim add(String id, Holder holder, ClaimRecord replaced, long token, long sentNs) {
    ZooKeeperClaim claim =
        new ZooKeeperClaim(context, id, holder, replaced, token, sentNs, held::remove);
    held.add(claim);
    return claim;
  }

  boolean hold(String claimId) {
    return held.stream().anyMatch(claim -> claim.isFor(claimId));
  }

  /** Returns a claim that is valid now, if there is one. */
  Optional<ZooKeeperClaim> valid() {
    return held.stream().filter(ZooKeeperClaim::isValid).findAny();
  }

  /** Returns a claim that is held and whose lease runs, and ends none. */
  Optional<ZooKeeperClaim> current() {
    return held.stream().filter(ZooKeeperClaim::isCurrent).findAny();
  }

  /** Tells whether this guard holds that claim, or held it until a moment ago. */
  boolean contains(String claimId) {
    return held.stream().anyMatch(claim -> claim.isFor(claimId));
  }

  void renewAll() {
    held.forEach(ZooKeeperClaim::renew);
  }

  /** A successor waits only a moment for its holder's answer, so the record is read right away. */
  void recordChanged(WatchedEvent event) {
    held.forEach(
        event.getType() == Watcher.Event.EventType.NodeDataChanged
            ? ZooKeeperClaim::checkHolder
            : ZooKeeperClaim::renew);
  }

  void loseAll(String reason) {
    held.forEach(claim -> claim.loseSoon(reason));
  }

  void releaseAll() {
    held.forEach(ZooKeeperClaim::release);
  }

  /** Waits until no holder is stopping any more. */
  void awaitGivenUp(Duration limit) {
    held.forEach(claim -> claim.awaitGivenUp(limit));
  }
}
