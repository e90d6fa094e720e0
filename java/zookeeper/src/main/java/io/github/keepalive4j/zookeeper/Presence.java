package io.github.keepalive4j.zookeeper;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;

/**
 * Shows on the ensemble that this guard may claim what nobody holds. A holder in failsafe mode that
 * sees it runs on only if it can ask this guard over a link. Thread-safe.
 */
final class Presence {
  private static final Duration RETRY = Duration.ofMillis(200);

  private final Ensemble ensemble;
  private final GuardThreads threads;
  private final String owner;
  private final String name;
  private @Nullable Bystander current; // guarded by this; null unless it is to be there

  Presence(ClaimContext context) {
    this.ensemble = context.ensemble();
    this.threads = context.threads();
    this.owner = context.owner();
    this.name = context.holder();
  }

  /** Makes the node, if it isn't there already, and again in each session. */
  void begin() {
    Bystander fresh = Bystander.of(owner, name);
    synchronized (this) {
      if (current != null) {
        return;
      }
      current = fresh;
    }
    join(fresh);
  }

  /** Makes a node with another name: the former may be there until its session is expired. */
  void sessionEnded() {
    Bystander fresh = Bystander.of(owner, name);
    synchronized (this) {
      if (current == null) {
        return;
      }
      current = fresh;
    }
    join(fresh);
  }

  /** No lock is held: a request may take long while there is no connection. */
  private void join(Bystander node) {
    CompletableFuture<Void> unused =
        ensemble
            .join(node.node())
            .handle(
                (done, error) -> {
                  Code code = EnsembleErrors.codeOf(error);
                  joined(node, code == Code.OK || code == Code.NODEEXISTS);
                  return null;
                });
  }

  private void joined(Bystander node, boolean isMade) {
    if (!isCurrent(node)) {
      ensemble.delete(node.node());
    } else if (!isMade) {
      threads.after(RETRY, () -> retry(node));
    }
  }

  private void retry(Bystander node) {
    if (isCurrent(node)) {
      join(node);
    }
  }

  private synchronized boolean isCurrent(Bystander node) {
    return node.equals(current);
  }
}
