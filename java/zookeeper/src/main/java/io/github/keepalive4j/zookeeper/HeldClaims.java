package io.github.keepalive4j.zookeeper;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The claims that one guard holds. */
final class HeldClaims {
  private static final int LEASE_NUMERATOR = 2;
  private static final int LEASE_DENOMINATOR = 3;

  private final Ensemble ensemble;
  private final String holder;
  private final Duration requestTimeout;
  private final ScheduledExecutorService timer;
  private final Executor lossExecutor;
  private final Set<ZooKeeperClaim> held = ConcurrentHashMap.newKeySet();

  HeldClaims(
      Ensemble ensemble,
      String holder,
      Duration requestTimeout,
      ScheduledExecutorService timer,
      Executor lossExecutor) {
    this.ensemble = ensemble;
    this.holder = holder;
    this.requestTimeout = requestTimeout;
    this.timer = timer;
    this.lossExecutor = lossExecutor;
  }

  Ensemble ensemble() {
    return ensemble;
  }

  String holder() {
    return holder;
  }

  /** Asks for as long as the ensemble counts as available. */
  RetryingCall newCall() {
    return new RetryingCall(Deadline.in(requestTimeout));
  }

  /** Takes up a claim that was won; its lease leaves the holder a third of its session to stop. */
  ZooKeeperClaim take(String id, ClaimRecord superseded, long token, long sentNs) {
    ZooKeeperClaim claim =
        new ZooKeeperClaim(
            this,
            id,
            superseded,
            token,
            sentNs,
            ensemble.sessionTimeout().multipliedBy(LEASE_NUMERATOR).dividedBy(LEASE_DENOMINATOR));
    held.add(claim);
    return claim;
  }

  Optional<ZooKeeperClaim> valid() {
    return held.stream().filter(ZooKeeperClaim::isValid).findAny();
  }

  void renewAll() {
    held.forEach(ZooKeeperClaim::renew);
  }

  void loseAll(String reason) {
    held.forEach(claim -> claim.loseSoon(reason));
  }

  void releaseAll() {
    held.forEach(ZooKeeperClaim::release);
  }

  void forget(ZooKeeperClaim claim) {
    held.remove(claim);
  }

  Future<?> everyNs(long periodNs, Runnable task) {
    return timer.scheduleWithFixedDelay(task, periodNs, periodNs, TimeUnit.NANOSECONDS);
  }

  void runSoon(Runnable task) {
    lossExecutor.execute(task);
  }
}
