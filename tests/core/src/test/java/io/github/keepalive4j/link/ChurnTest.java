package io.github.keepalive4j.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.EachTransport;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.Descriptors;
import io.github.keepalive4j.support.Eventually;
import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.LinkPair;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Rounds of connect, observe, and a random end from a random side. The observer is the monitor, or
 * a thread that awaits the failure in short steps. {@code -Dkeepalive4j.churn.rounds} sets how
 * many.
 */
class ChurnTest extends EachTransport {
  private static final int ROUNDS = Integer.getInteger("keepalive4j.churn.rounds", 2_000);
  private static final int THREADS = 4;
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final int LONGEST_STEP_MS = 3;

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
    volatile FailureCause killed; // how it has to fail; null while it is healthy
    volatile FailureCause cause; // as reported
    volatile long closedNs = Long.MAX_VALUE;

    Round(LinkPair pair) {
      this.pair = pair;
      this.link = pair.link();
    }

    void onFailover(Failure failure, long atNs) {
      calls.incrementAndGet();
      beganNs.set(atNs);
      cause = failure.cause();
    }

    /** A link that its owner didn't close must have failed; no other need have. */
    void verify() {
      assertTrue(calls.get() <= 1, "called " + calls + " times");
      if (closedNs == Long.MAX_VALUE) {
        assertEquals(1, calls.get(), "a lost callback");
      }
      assertTrue(beganNs.get() <= closedNs, "a late callback");
      assertTrue(killed != null || calls.get() == 0, "a failover without a failure");
      if (calls.get() > 0) {
        assertEquals(killed, cause, "the cause");
      }
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
    if (random.nextInt(4) == 0) {
      playWithSteps(round);
      return;
    }
    monitor.watch(
        round.link,
        failover -> onFailover(round, failover.failure(), failover.failure().callbackNs()));
    switch (random.nextInt(5)) {
      case 0 -> kill(round);
      case 1 -> close(round);
      case 2 -> killAndClose(round);
      case 3 -> handOver(round, monitor);
      default -> takeBack(round, monitor);
    }
    round.pair.source().close();
  }

  private void onFailover(Round round, Failure failure, long atNs) {
    failovers.incrementAndGet();
    round.onFailover(failure, atNs);
  }

  /** A thread steps from the start. Its owner closes the link, once it has failed if it has to. */
  private void playWithSteps(Round round) throws Exception {
    Background<Boolean> stepping = Background.start(() -> step(round));
    switch (ThreadLocalRandom.current().nextInt(3)) {
      case 0 -> kill(round);
      case 1 -> close(round);
      default -> killAndClose(round);
    }
    assertTrue(stepping.get() || !round.link.isOpen(), "the steps end by a failure or a close");
    round.link.close();
    round.pair.source().close();
  }

  /** The monitor and a thread that steps take turns, while the source dies. */
  private void handOver(Round round, KeepaliveMonitor monitor) throws Exception {
    Background<?> killing =
        Background.start(
            () -> {
              kill(round);
              return null;
            });
    if (monitor.unwatch(round.link)) {
      assertTrue(step(round), "the steps end by the failure");
      round.link.close();
    }
    killing.get();
  }

  /** Returns true after a failure, false if the owner closed the link before. */
  private boolean step(Round round) throws Exception {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    Optional<Failure> failure = Optional.empty();
    while (failure.isEmpty()) {
      try {
        Duration step = Duration.ofMillis(random.nextInt(LONGEST_STEP_MS + 1));
        failure = round.link.awaitFailure(step);
      } catch (ClosedChannelException closed) {
        return false;
      }
    }
    onFailover(round, failure.get(), failure.get().verdictNs());
    return true;
  }

  private static void kill(Round round) throws IOException {
    if (round.killed != null) {
      return;
    }
    if (ThreadLocalRandom.current().nextBoolean()) {
      round.killed = FailureCause.RESET;
      round.pair.reset();
    } else {
      round.killed = FailureCause.CLOSED;
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
