package io.github.keepalive4j.soak.run;

import io.github.keepalive4j.soak.check.Spell;
import io.github.keepalive4j.soak.check.Trouble;
import io.github.keepalive4j.soak.fault.FaultKind;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Troubles of one source, or of the backup, one after the other and sometimes two at a time. */
final class Lane implements Callable<Void> {
  private static final double END_SHARE = 0.3;
  private static final double HANG_SHARE = 0.15;
  private static final double LOSS_SHARE = 0.1;
  private static final double PAIR_SHARE = 0.2;

  private final Stage stage;
  private final Ledger ledger;
  private final int source; // Spell.ALL for the backup's own
  private final Random random;
  private final CountDownLatch over;

  Lane(Stage stage, Ledger ledger, int source, long seed, CountDownLatch over) {
    this.stage = stage;
    this.ledger = ledger;
    this.source = source;
    this.random = new Random(seed);
    this.over = over;
  }

  @Override
  public Void call() throws IOException, InterruptedException {
    while (!isOverIn(source == Spell.ALL ? between(10_000, 40_000) : between(3_000, 8_000))) {
      if (source != Spell.ALL && random.nextDouble() < END_SHARE) {
        end(oneOf(Trouble.ENDS));
      } else {
        last(drawLasting());
      }
    }
    return null;
  }

  private Trouble drawLasting() {
    if (source == Spell.ALL) {
      return oneOf(Trouble.AT_BACKUP);
    }
    double share = random.nextDouble();
    return share < HANG_SHARE
        ? Trouble.HANG
        : share < HANG_SHARE + LOSS_SHARE ? oneOf(Trouble.LOSSES) : oneOf(Trouble.CUTS);
  }

  /** A source that has ended is back after a while. */
  private void end(Trouble trouble) throws IOException, InterruptedException {
    ledger.end(trouble, source);
    Source at = stage.sources().get(source);
    if (!at.isAlive()) {
      isOverIn(between(0, 2_000));
      at.start();
    }
  }

  private void last(Trouble trouble) throws IOException, InterruptedException {
    long lengthMs = drawLength(trouble);
    boolean pair = source != Spell.ALL && random.nextDouble() < PAIR_SHARE;
    Ledger.Lasting lasting = ledger.begin(trouble, source);
    try {
      if (pair) {
        long beforeMs = between(0, lengthMs);
        if (!isOverIn(beforeMs)) {
          second();
        }
        isOverIn(lengthMs - beforeMs);
      } else {
        isOverIn(lengthMs);
      }
    } finally {
      lasting.undo();
    }
  }

  /** A source that hangs can't stand down, but anything else may come on top. */
  private void second() throws IOException, InterruptedException {
    if (random.nextBoolean()) {
      end(Trouble.KILL);
    } else {
      Trouble trouble = oneOf(Trouble.CUTS);
      Ledger.Lasting lasting = ledger.begin(trouble, source);
      isOverIn(drawLength(trouble));
      lasting.undo();
    }
  }

  /** Half of all are borne by every link, the rest by some or by none. */
  private long drawLength(Trouble trouble) {
    if (trouble.fault() == FaultKind.BACKUP_PAUSE) {
      return 0; // it has a length of its own
    }
    if (Trouble.LOSSES.contains(trouble)) {
      return between(200, 1_500); // too short for keepalive to lose all its probes by chance
    }
    double share = random.nextDouble();
    if (share < 0.5) {
      return between(5, 100);
    }
    double longShare = source == Spell.ALL ? 0.1 : 0.25; // which leaves no link at all, or most
    return share < 1 - longShare ? between(200, 4_000) : between(8_000, 9_500);
  }

  private Trouble oneOf(List<Trouble> troubles) {
    return troubles.get(random.nextInt(troubles.size()));
  }

  private long between(long leastMs, long mostMs) {
    return leastMs + (long) (random.nextDouble() * (mostMs - leastMs));
  }

  /** Waits, but not beyond the end of the soak. */
  private boolean isOverIn(long ms) throws InterruptedException {
    return over.await(ms, TimeUnit.MILLISECONDS);
  }
}
