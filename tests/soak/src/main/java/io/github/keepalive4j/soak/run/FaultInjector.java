package io.github.keepalive4j.soak.run;

import io.github.keepalive4j.soak.check.FaultInterval;
import io.github.keepalive4j.soak.check.InjectedFault;
import io.github.keepalive4j.soak.fault.FaultKind;
import io.github.keepalive4j.soak.program.Source;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Injects random faults at one source, or at the backup: one after the other, sometimes two. */
final class FaultInjector implements Callable<Void> {
  private static final double END_SHARE = 0.3;
  private static final double HANG_SHARE = 0.15;
  private static final double LOSS_SHARE = 0.1;
  private static final double PAIR_SHARE = 0.2;

  private final List<Source> sources;
  private final FaultLog log;
  private final int source; // FaultInterval.ALL for faults of the backup
  private final Random random;
  private final CountDownLatch over;

  FaultInjector(List<Source> sources, FaultLog log, int source, long seed, CountDownLatch over) {
    this.sources = sources;
    this.log = log;
    this.source = source;
    this.random = new Random(seed);
    this.over = over;
  }

  @Override
  public Void call() throws IOException, InterruptedException {
    while (!isOverIn(
        source == FaultInterval.ALL ? between(10_000, 40_000) : between(3_000, 8_000))) {
      if (source != FaultInterval.ALL && random.nextDouble() < END_SHARE) {
        end(oneOf(InjectedFault.ENDS));
      } else {
        injectFor(chooseLasting());
      }
    }
    return null;
  }

  private InjectedFault chooseLasting() {
    if (source == FaultInterval.ALL) {
      return oneOf(InjectedFault.AT_BACKUP);
    }
    double share = random.nextDouble();
    return share < HANG_SHARE
        ? InjectedFault.HANG
        : share < HANG_SHARE + LOSS_SHARE ? oneOf(InjectedFault.LOSSES) : oneOf(InjectedFault.CUTS);
  }

  /** Ends connections, and starts the source's program again if it ended. */
  private void end(InjectedFault fault) throws IOException, InterruptedException {
    log.end(fault, source);
    Source at = sources.get(source);
    if (!at.isAlive()) {
      isOverIn(between(0, 2_000));
      at.restart();
    }
  }

  private void injectFor(InjectedFault fault) throws IOException, InterruptedException {
    long lengthMs = chooseLength(fault);
    boolean pair = source != FaultInterval.ALL && random.nextDouble() < PAIR_SHARE;
    FaultLog.OpenInterval interval = log.begin(fault, source);
    try {
      if (pair) {
        long beforeMs = between(0, lengthMs);
        if (!isOverIn(beforeMs)) {
          addSecond();
        }
        isOverIn(lengthMs - beforeMs);
      } else {
        isOverIn(lengthMs);
      }
    } finally {
      interval.undo();
    }
  }

  /** Adds a second fault while one lasts: a kill or a cut. A source that hangs can't stand down. */
  private void addSecond() throws IOException, InterruptedException {
    if (random.nextBoolean()) {
      end(InjectedFault.KILL);
    } else {
      InjectedFault fault = oneOf(InjectedFault.CUTS);
      FaultLog.OpenInterval interval = log.begin(fault, source);
      isOverIn(chooseLength(fault));
      interval.undo();
    }
  }

  /** Chooses a length. Every link tolerates half of the lengths, some links or none the rest. */
  private long chooseLength(InjectedFault fault) {
    if (fault.kind() == FaultKind.BACKUP_PAUSE) {
      return 0; // it undoes itself after a fixed time
    }
    if (InjectedFault.LOSSES.contains(fault)) {
      return between(200, 1_500); // too short to lose all keepalive probes by chance
    }
    double share = random.nextDouble();
    if (share < 0.5) {
      return between(5, 100);
    }
    double longShare = source == FaultInterval.ALL ? 0.1 : 0.25; // a long one here ends all links
    return share < 1 - longShare ? between(200, 4_000) : between(8_000, 9_500);
  }

  private InjectedFault oneOf(List<InjectedFault> faults) {
    return faults.get(random.nextInt(faults.size()));
  }

  private long between(long leastMs, long mostMs) {
    return leastMs + (long) (random.nextDouble() * (mostMs - leastMs));
  }

  /** Waits for this time, or until the soak ends. Returns whether it has ended. */
  private boolean isOverIn(long ms) throws InterruptedException {
    return over.await(ms, TimeUnit.MILLISECONDS);
  }
}
