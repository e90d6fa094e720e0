package io.github.keepalive4j.cli.command;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.internal.guard.Claims;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Passes a claim's lease on to a supervisor, which ends a command's processes when the lease ends.
 * A supervisor that was killed is replaced.
 */
final class Lease implements AutoCloseable {
  /** After the lease's end, this process gets so much time to end the command itself. */
  private static final Duration SLACK = Duration.ofMillis(500);

  /** How much longer than announced this process may take to end the command. */
  private static final Duration ALLOWED_SLACK = Duration.ofSeconds(5);

  private static final Duration WITHOUT_LEASE = Duration.ofHours(1);
  private static final long MAX_PAUSE_MS = 1_000;
  private static final long MIN_PAUSE_MS = 20;
  private static final int RENEWALS = 4;

  /** What a busy machine takes to look for processes, beyond their time to end. */
  private static final Duration LOOK = Duration.ofSeconds(5);

  private final Claim claim;
  private final Starter starter;
  private final Duration grace;
  private final Semaphore news = new Semaphore(0); // one permit for each change below
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private Supervisor supervisor; // on the starting thread, then on the renewing one
  private Process head; // guarded by this; null before the command's start
  private Duration allowed = Duration.ZERO; // guarded by this; zero once it was passed on
  private boolean over; // guarded by this: the claim doesn't count any more
  private boolean closed; // guarded by this

  private Lease(Claim claim, Starter starter, Duration grace) {
    this.claim = claim;
    this.starter = starter;
    this.grace = grace;
  }

  interface Starter {
    Supervisor start() throws IOException;
  }

  /**
   * Passes the lease on to a supervisor from now on.
   *
   * @param starter starts another one where this one has ended
   * @param grace how long the supervisor gives the command's processes after SIGTERM
   */
  static Lease keep(Claim claim, Supervisor supervisor, Starter starter, Duration grace)
      throws IOException {
    Lease lease = new Lease(claim, starter, grace);
    lease.supervisor = supervisor;
    try {
      lease.pass(lease.left());
      Thread thread = new Thread(lease::run, "command-lease");
      thread.setDaemon(true);
      thread.start();
    } catch (Throwable e) { // such as no thread
      lease.supervisor.close();
      throw e;
    }
    return lease;
  }

  /** Names the command's first process. */
  synchronized void of(Process first) {
    head = first;
    news.release();
  }

  /** Lets the command run on for a time, and a little more, whatever becomes of the claim. */
  synchronized void allow(Duration time) {
    allowed = time.plus(ALLOWED_SLACK);
    over = true;
    news.release();
  }

  /**
   * Ends the supervisor, which ends what still runs: this process finds nothing while it lacks a
   * descriptor. Returns once the supervisor has ended.
   */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      news.release();
    }
    ended.join();
  }

  private void run() {
    try {
      while (!isClosed()) {
        Duration left = left();
        renew(left);
        pause(left);
      }
    } finally {
      supervisor.finish(grace.plus(LOOK));
      ended.complete(null);
    }
  }

  /** Returns for how long the command may run from now; zero to say nothing. */
  private synchronized Duration left() {
    if (over) {
      Duration once = allowed;
      allowed = Duration.ZERO;
      return once;
    }
    Duration left = Claims.leaseLeft(claim).orElse(WITHOUT_LEASE);
    return left.compareTo(Duration.ZERO) <= 0 ? Duration.ZERO : left.plus(SLACK);
  }

  /** A supervisor that can't be started now is started later. */
  private void renew(Duration left) {
    try {
      if (!supervisor.isAlive()) {
        supervisor = starter.start();
      }
      pass(left);
    } catch (IOException e) {
      supervisor.close();
    }
  }

  private void pass(Duration left) throws IOException {
    if (!left.isZero()) {
      supervisor.extend(left, livingHead());
    }
  }

  private synchronized long livingHead() {
    return head != null && head.isAlive() ? head.pid() : 0;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private void pause(Duration left) {
    long pauseMs = Math.max(MIN_PAUSE_MS, Math.min(MAX_PAUSE_MS, left.toMillis() / RENEWALS));
    try {
      boolean unused = news.tryAcquire(pauseMs, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      // nobody interrupts this thread
    }
  }
}
