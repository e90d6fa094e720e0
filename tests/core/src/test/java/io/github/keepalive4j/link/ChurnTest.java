package io.github.keepalive4j.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.EachTransport;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.Descriptors;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.LinkPair;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Rounds of connect, watch, and a random end from a random side. {@code -Dkeepalive4j.churn.rounds}
 * sets how many.
 */
class ChurnTest extends EachTransport {
  private static final int ROUNDS = Integer.getInteger("keepalive4j.churn.rounds", 2_000);
  private static final int THREADS = 4;
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final AtomicInteger nextRound = new AtomicInteger();
  private final AtomicInteger failovers = new AtomicInteger();
  private final AtomicInteger closes = new AtomicInteger();
  private final List<Round> rounds = new ArrayList<>();

  /** What has become of one link. */
  private static final class Round {
    final LinkPair pair;
    final KeepaliveSocket link;
    final AtomicInteger calls = new AtomicInteger();
    final AtomicLong beganNs = new AtomicLong();
    volatile boolean killed;
    volatile long closedNs = Long.MAX_VALUE;

    Round(LinkPair pair) {
      this.pair = pair;
      this.link = pair.link();
    }

    void onFailover(Failure failure) {
      calls.incrementAndGet();
      beganNs.set(failure.callbackNs());
    }

    /** A link that its owner didn't close must have failed; no other need have. */
    void verify() {
      assertTrue(calls.get() <= 1, "called " + calls + " times");
      if (closedNs == Long.MAX_VALUE) {
        assertEquals(1, calls.get(), "a lost callback");
      }
      assertTrue(beganNs.get() <= closedNs, "a late callback");
      assertTrue(killed || calls.get() == 0, "a failover without a failure");
    }
  }

  @Test
  void noCallbackIsLostDoubledOrLate() throws Exception {
    KeepaliveMonitor.open().close();
    int descriptors = Descriptors.count();
    try (FailingSource source = new FailingSource();
        KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      List<Background<?>> workers = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        workers.add(Background.start(() -> work(source, monitor)));
      }
      for (Background<?> worker : workers) {
        worker.get(LIMIT);
      }
      Eventually.await("all links have ended", () -> monitor.size() == 0);
    }
    for (Round round : rounds) {
      Eventually.await("the link has ended", () -> !round.link.isOpen());
      round.verify();
    }
    assertEquals(ROUNDS, rounds.size());
    Descriptors.assertBackTo(descriptors);
    System.out.printf(
        "%s: %d rounds, %d failovers, %d closed by their owner%n",
        transport, ROUNDS, failovers.get(), closes.get());
  }

  private Void work(FailingSource source, KeepaliveMonitor monitor) throws Exception {
    while (nextRound.getAndIncrement() < ROUNDS) {
      Round round = new Round(source.connect());
      synchronized (rounds) {
        rounds.add(round);
      }
      play(round, monitor);
    }
    return null;
  }

  private void play(Round round, KeepaliveMonitor monitor) throws Exception {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    if (random.nextInt(4) == 0) {
      kill(round); // before it is watched
    }
    monitor.watch(
        round.link,
        failover -> {
          failovers.incrementAndGet();
          round.onFailover(failover.failure());
        });
    switch (random.nextInt(4)) {
      case 0 -> kill(round);
      case 1 -> close(round);
      case 2 -> killAndClose(round);
      default -> takeBack(round, monitor);
    }
    round.pair.source().close();
  }

  private static void kill(Round round) throws IOException {
    if (round.killed) {
      return;
    }
    round.killed = true;
    if (ThreadLocalRandom.current().nextBoolean()) {
      round.pair.reset();
    } else {
      round.pair.finish();
    }
  }

  private void close(Round round) throws IOException {
    round.link.close();
    round.closedNs = System.nanoTime();
    closes.incrementAndGet();
  }

  private void killAndClose(Round round) throws Exception {
    Background<?> closing =
        Background.start(
            () -> {
              close(round);
              return null;
            });
    kill(round);
    closing.get();
  }

  private void takeBack(Round round, KeepaliveMonitor monitor) throws IOException {
    if (monitor.unwatch(round.link)) {
      close(round);
    }
  }
}
