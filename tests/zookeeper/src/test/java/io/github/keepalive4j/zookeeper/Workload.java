package io.github.keepalive4j.zookeeper;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.Journal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * What runs in a source's place on a claim. It puts on record itself when it starts and when it has
 * stopped. Thread-safe.
 */
final class Workload implements AutoCloseable {
  /** How long a stop takes: a successor that doesn't wait for it starts meanwhile. */
  static final Duration STOP = Duration.ofMillis(20);

  private final Journal journal;
  private Claim claim; // guarded by this; null while nothing runs
  private boolean closed; // guarded by this

  Workload(Journal journal) {
    this.journal = journal;
  }

  /** Starts, unless the claim is over by now or has no token. */
  synchronized void start(Claim newClaim) {
    long begunNs = System.nanoTime();
    if (!closed && newClaim.token().isPresent() && newClaim.isValid()) {
      claim = newClaim;
      append("workload-start", Map.of("begunNs", begunNs));
    }
  }

  /** Stops if it runs, and returns once it has stopped. */
  synchronized void stop() {
    if (claim != null) {
      LockSupport.parkNanos(STOP.toNanos());
      append("workload-stop", Map.of());
      claim = null;
    }
  }

  private void append(String event, Map<String, Long> more) {
    Map<String, Object> details = new LinkedHashMap<>(more);
    details.put("resource", claim.resource().orElseThrow());
    details.put("token", claim.token().orElseThrow());
    try {
      journal.append(event, details);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stops for good. */
  @Override
  public synchronized void close() {
    closed = true;
    stop();
  }
}
