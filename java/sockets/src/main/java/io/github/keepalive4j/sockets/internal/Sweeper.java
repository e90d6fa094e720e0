package io.github.keepalive4j.sockets.internal;

import io.github.keepalive4j.internal.sockets.SocketTable;
import io.github.keepalive4j.sockets.SocketRule;
import io.github.keepalive4j.sockets.SocketRules;
import io.github.keepalive4j.sockets.SweepListener;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * The thread that sweeps the sockets of a process, of this one or of another one. Methods may be
 * called by any thread.
 */
public final class Sweeper implements AutoCloseable {
  /** The time between scans, so that a socket is governed within a second of its opening. */
  public static final Duration PERIOD = Duration.ofMillis(800);

  private static final AtomicInteger COUNT = new AtomicInteger();

  /** Scans in the smallest budget. */
  private static final int SCANS = 6;

  /** Where there are thousands of sockets, a scan takes no more than this share of a processor. */
  private static final int SCAN_SHARE = 400;

  private static final Pattern NUMBER = Pattern.compile("\\d+");
  private static final int MOST_TROUBLES = 16;

  private static final long LONGEST_NS = TimeUnit.MILLISECONDS.toNanos(950);

  private static final long LEAST_PAUSE_MS = 10;

  private final SocketTable table;
  private final Sweep sweep;
  private final Deliveries deliveries;
  private final Reports reports;
  private final long periodNs;
  private final Thread thread;
  private final long startNs = System.nanoTime();
  private volatile boolean closing;
  private final AtomicLong sweeps = new AtomicLong();
  private final AtomicLong failedSweeps = new AtomicLong();
  private final AtomicLong sweepNs = new AtomicLong();
  private final Set<String> troubles = new HashSet<>(); // since all went well; the thread's
  private long nextScanNs;

  private Sweeper(
      SocketTable table,
      SocketRules rules,
      SweepListener listener,
      Duration period,
      Exempt exempt) {
    String name = "keepalive-sweeper-" + COUNT.incrementAndGet();
    Duration scans = shorter(period, rules);
    this.table = table;
    periodNs = scans.toNanos();
    deliveries = new Deliveries(name + "-listener");
    reports = new Reports(listener, deliveries);
    sweep = new Sweep(table, rules, reports, new Pauses(scans), exempt);
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
    thread.setContextClassLoader(null); // it would keep the application that opened this
  }

  private static Duration shorter(Duration period, SocketRules rules) {
    Duration shortest = period;
    for (SocketRule rule : rules.rules()) {
      Duration share = rule.within().dividedBy(SCANS);
      shortest = share.compareTo(shortest) < 0 ? share : shortest;
    }
    return shortest;
  }

  /**
   * Begins to sweep.
   *
   * @param table closed with the sweeper, also if this throws
   * @param period the time between scans; a small budget shortens it
   * @param exempt the sockets that are never touched
   */
  public static Sweeper open(
      SocketTable table,
      SocketRules rules,
      SweepListener listener,
      Duration period,
      Exempt exempt) {
    Sweeper sweeper = new Sweeper(table, rules, listener, period, exempt);
    boolean started = false;
    try {
      sweeper.thread.start();
      started = true;
      return sweeper;
    } finally {
      if (!started) {
        sweeper.deliveries.close();
        table.close();
      }
    }
  }

  private void run() {
    try {
      while (!closing) {
        sweepOnce();
        pause();
      }
      giveBack();
    } finally {
      table.close();
    }
  }

  private synchronized void pause() {
    long untilNs = Math.min(nextScanNs, sweep.nextLookNs());
    long leftMs = LEAST_PAUSE_MS;
    while (!closing && leftMs > 0) {
      try {
        wait(leftMs);
      } catch (InterruptedException e) {
        // by nobody who means this thread
      }
      leftMs = TimeUnit.NANOSECONDS.toMillis(untilNs - nowNs() + 999_999);
    }
  }

  private long nowNs() {
    return System.nanoTime() - startNs;
  }

  private void sweepOnce() {
    long beginNs = nowNs();
    boolean isDue = beginNs >= nextScanNs;
    Throwable inScan = isDue ? errorOf(() -> scan(beginNs)) : null;
    Throwable inLook = errorOf(() -> sweep.look(nowNs()));
    Throwable error = inScan == null ? inLook : inScan;
    if (error != null) {
      note(error);
    } else if (isDue) {
      troubles.clear();
    }
    sweeps.incrementAndGet();
    sweepNs.addAndGet(nowNs() - beginNs);
  }

  private void scan(long beginNs) throws IOException {
    nextScanNs = beginNs + periodNs;
    sweep.scan(beginNs);
    long tookNs = nowNs() - beginNs;
    nextScanNs = beginNs + Math.max(periodNs, Math.min(LONGEST_NS, tookNs * SCAN_SHARE));
  }

  /** Returns null if the step ends well. */
  private static Throwable errorOf(Step step) {
    try {
      step.run();
      return null;
    } catch (Throwable e) { // whatever it is, the sockets must not be left alone
      return e;
    }
  }

  /** Logs an error once, however long it stays, and for however many descriptors. */
  private void note(Throwable error) {
    failedSweeps.incrementAndGet();
    String kind = NUMBER.matcher(error.toString()).replaceAll("#");
    if (troubles.size() < MOST_TROUBLES && troubles.add(kind)) {
      reports.failed(error);
    }
  }

  private void giveBack() {
    Throwable error = errorOf(sweep::giveBack);
    if (error != null) {
      reports.failed(error);
    }
  }

  /** Returns how many sockets have a rule now. */
  public long governed(SocketRule rule) {
    return sweep.governor().governed(rule);
  }

  public Reports reports() {
    return reports;
  }

  public long sweeps() {
    return sweeps.get();
  }

  public long failedSweeps() {
    return failedSweeps.get();
  }

  public Duration sweepTime() {
    return Duration.ofNanos(sweepNs.get());
  }

  /** Ends the thread, which calls nothing of the application's, and waits for it. */
  @Override
  public void close() {
    synchronized (this) {
      closing = true;
      notifyAll();
    }
    joinUninterruptibly();
    deliveries.close();
  }

  private void joinUninterruptibly() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private interface Step {
    void run() throws IOException;
  }
}
