package io.github.keepalive4j.cli.serve;

import io.github.keepalive4j.RefusalReason;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Output;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * Reports refused connections at most once a second, so that a flood of them doesn't flood the log.
 */
final class RefusalReporter {
  private static final long PAUSE_NS = TimeUnit.SECONDS.toNanos(1);

  private final Output output;
  private long total;
  private long toldNs;

  RefusalReporter(Output output) {
    this.output = output;
  }

  void refused(InetSocketAddress peer, RefusalReason refusal) {
    total++;
    long nowNs = System.nanoTime();
    if (total == 1 || nowNs - toldNs >= PAUSE_NS) {
      toldNs = nowNs;
      output.event(Event.refused(peer, refusal, total));
    }
  }
}
