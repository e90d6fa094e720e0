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
  private final Set<Membership> memberships = ConcurrentHashMap.newKeySet();
  private final Presence presence;
  private volatile String linkAddress = ""; // where the links of the next watches go
  private volatile String lastEnded = ""; // the claim that ended last; what ran on it has stopped

  HeldClaims(ClaimContext context) {
    this.context = context;
    this.presence = new Presence(context);
  }

  Ensemble ensemble() {
    return context.ensemble();
  }

  /**
   * Returns this side in a role, as it is to stand in the record when the claim is won. A backup
   * has a failsafe mode only once it serves.
   */
  Holder holder(Holder.Role role) {
    boolean failsafe = context.failsafe() != null && role == Holder.Role.SOURCE;
    return new Holder(
        context.holder(),
        role,
        role == Holder.Role.SOURCE,
        failsafe ? context.ensemble().sessionTimeout().toMillis() : 0);
  }

  /**
   * Adds a claim that was won.
   *
   * @param replaced the record that the claim's transaction replaced
   * @param won the record that it wrote
   * @param sentNs when the request that won it was sent, on {@link System#nanoTime}'s clock
   */
  ZooKeeperClaim add(ClaimRecord replaced, ClaimRecord won, long sentNs) {
    ZooKeeperClaim claim = new ZooKeeperClaim(context, replaced, won, sentNs, this::ended);
    held.add(claim);
    return claim;
  }

  boolean hold(String claimId) {
    return held.stream().anyMatch(claim -> claim.isFor(claimId));
  }

  private void ended(ZooKeeperClaim claim) {
    lastEnded = claim.id();
    held.remove(claim);
  }

  /** Tells whether the claim was this guard's last one, and is over. */
  boolean hasEnded(String claimId) {
    return claimId.equals(lastEnded);
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

  /** Returns where the link of the next watch goes; empty for the source's own address. */
  String linkAddress() {
    return linkAddress;
  }

  void linkTo(String address) {
    linkAddress = address;
  }

  /** Writes to the record where the holder of the valid claim serves. Returns whether it did. */
  boolean advertise(String address) {
    return valid().map(claim -> claim.advertise(address)).orElse(false);
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

  void sessionEnded() {
    held.forEach(ZooKeeperClaim::sessionEnded);
    memberships.forEach(Membership::sessionEnded);
    presence.sessionEnded();
  }

  /** Shows a holder in failsafe mode that this guard may claim what nobody holds. */
  void mayClaim() {
    presence.begin();
  }

  /** Makes what a watch of this guard has to do with its holder's failsafe mode. */
  Membership newMembership(FollowedRecord followed) {
    return new Membership(
        context.ensemble(), context.owner(), context.threads(), followed, memberships);
  }

  /** Tells whether a failsafe holder has asked each watch, and there is one. */
  boolean areKnownToHolder() {
    return !memberships.isEmpty() && memberships.stream().allMatch(Membership::isKnown);
  }

  /** Tells whether a watch has promised its holder not to take over, and that still lasts. */
  boolean areHoldingBack() {
    return memberships.stream().anyMatch(Membership::isHoldingBack);
  }

  void releaseAll() {
    held.forEach(ZooKeeperClaim::release);
  }

  /** Waits until no holder is stopping any more. */
  void awaitGivenUp(Duration limit) {
    held.forEach(claim -> claim.awaitGivenUp(limit));
  }
}
