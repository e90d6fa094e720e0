package io.github.keepalive4j.zookeeper;

import org.apache.curator.framework.state.ConnectionState;
import org.apache.zookeeper.WatchedEvent;

/** What one guard does when its record or its connection changes. */
final class EnsembleEvents {
  private final HeldClaims claims;
  private final ArmedWatches watches;
  private final GuardThreads threads;
  private final boolean loseWhenSuspended;
  private final Exposure exposure;

  EnsembleEvents(
      HeldClaims claims,
      ArmedWatches watches,
      GuardThreads threads,
      boolean loseWhenSuspended,
      Exposure exposure) {
    this.claims = claims;
    this.watches = watches;
    this.threads = threads;
    this.loseWhenSuspended = loseWhenSuspended;
    this.exposure = exposure;
  }

  void on(WatchedEvent event) {
    claims.recordChanged(event);
    watches.checkAll();
  }

  void on(ConnectionState state) {
    switch (state) {
      case CONNECTED -> exposure.check();
      case RECONNECTED -> {
        claims.renewAll();
        watches.checkAll();
        exposure.check();
      }
      case LOST -> {
        claims.sessionEnded();
        threads.runBlocking(watches::disconnectedAll);
      }
      case SUSPENDED -> {
        if (loseWhenSuspended) {
          claims.loseAll("the connection to the ensemble was suspended");
        }
      }
      default -> {
        // nothing has ended
      }
    }
  }
}
