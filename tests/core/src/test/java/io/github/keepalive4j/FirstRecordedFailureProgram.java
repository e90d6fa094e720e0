package io.github.keepalive4j;

import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.LinkPair;
import java.util.concurrent.CompletableFuture;
import jdk.jfr.Recording;

/**
 * Tells in a process of its own how long, in microseconds, the first failure's callback follows its
 * verdict, where a recording begins after the link is watched.
 */
final class FirstRecordedFailureProgram {
  private FirstRecordedFailureProgram() {}

  public static void main(String[] args) throws Exception {
    try (FailingSource source = new FailingSource();
        LinkPair pair = source.connect();
        KeepaliveMonitor monitor = KeepaliveMonitor.open();
        Recording recording = new Recording()) {
      CompletableFuture<Long> delayNs = new CompletableFuture<>();
      monitor.watch(
          pair.link(),
          failover -> delayNs.complete(System.nanoTime() - failover.failure().verdictNs()));
      recording.start();
      pair.reset();
      System.out.println(delayNs.join() / 1_000);
    }
  }
}
