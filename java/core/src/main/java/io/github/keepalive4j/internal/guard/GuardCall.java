package io.github.keepalive4j.internal.guard;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.ClaimRequest;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.internal.SafeLogger;
import io.github.keepalive4j.internal.jfr.ClaimEvent;
import io.github.keepalive4j.internal.jfr.Flight;
import io.github.keepalive4j.internal.jfr.FlightEvents;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One question to a guard: answered once, by the guard or by the clock, or called off. */
final class GuardCall {
  private static final System.Logger LOGGER = SafeLogger.get();
  private static final long TIMER_IDLE_MS = 100;
  private static final ScheduledThreadPoolExecutor TIMER = newTimer();

  private final GuardSetting setting;
  private final List<Failure> failures;
  private final Executor executor;
  private final Outcome outcome;
  private final long deadlineNs;
  private final ClaimEvent flight; // null where nothing is recorded
  private Thread asker; // guarded by this; null until asked
  private boolean answered; // guarded by this
  private volatile boolean cancelled;

  /**
   * Makes a question that has not been asked.
   *
   * @param executor where the outcome is told when the time runs out
   */
  GuardCall(GuardSetting setting, List<Failure> failures, Executor executor, Outcome outcome) {
    this.setting = setting;
    this.failures = failures;
    this.executor = executor;
    this.outcome = outcome;
    this.flight = setting.isRecorded() && Flight.isOn() ? FlightEvents.beginClaim() : null;
    this.deadlineNs = System.nanoTime() + setting.timeout().toNanos();
  }

  /** What comes of a question: one of the two. */
  interface Outcome {
    void granted(Claim claim);

    /** Takes the reason, and what was thrown where that is more than a decline, or null. */
    void declined(String reason, Throwable error);
  }

  private static ScheduledThreadPoolExecutor newTimer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "keepalive-guard-timer");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
    timer.setKeepAliveTime(TIMER_IDLE_MS, TimeUnit.MILLISECONDS);
    timer.allowCoreThreadTimeOut(true); // else it keeps this class loaded for ever
    return timer;
  }

  /** Asks the guard on this thread. The outcome is told on this thread too, if it is in time. */
  void ask() {
    if (begin()) {
      Future<?> expiry = startClock();
      ask(setting.guard(), setting.newRequest(failures, this::leftNs));
      expiry.cancel(false);
    }
  }

  /** Starts the clock, if there is a thread for it. Otherwise only the answer is timed. */
  private Future<?> startClock() {
    try {
      return TIMER.schedule(this::expire, setting.timeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (Throwable e) { // OutOfMemoryError: the takeover must not wait for a thread
      LOGGER.log(System.Logger.Level.WARNING, "no thread to interrupt a guard that is late", e);
      return CompletableFuture.completedFuture(null);
    }
  }

  private synchronized boolean begin() {
    asker = Thread.currentThread();
    return !answered;
  }

  private long leftNs() {
    return cancelled ? 0 : deadlineNs - System.nanoTime();
  }

  /** Calls the question off: interrupts the guard, and tells no outcome. */
  synchronized void cancel() {
    cancelled = true;
    if (!answered) {
      answered = true;
      interruptAsker();
    }
  }

  private void interruptAsker() {
    if (asker != null) {
      asker.interrupt();
    }
  }

  private void ask(TakeoverGuard guard, ClaimRequest request) {
    Claim claim = null;
    Throwable error = null;
    try {
      claim = guard.claim(request);
    } catch (Throwable e) { // whatever a guard throws is a decline
      error = e;
    }
    boolean isFirst = settle();
    boolean inTime = isFirst && leftNs() > 0;
    if (!inTime && claim != null) {
      release(claim);
    }
    if (inTime && claim != null) {
      grant(claim);
    } else if (inTime) {
      decline(error);
    } else if (isFirst) {
      decline(lateness(), null);
    }
  }

  private static void release(Claim late) {
    try {
      late.release();
    } catch (Throwable e) { // the decline must be told
      LOGGER.log(System.Logger.Level.WARNING, "a claim that came late can't be released", e);
    }
  }

  private void grant(Claim claim) {
    if (flight != null) {
      record(claim);
    }
    outcome.granted(claim);
  }

  private void record(Claim claim) {
    try {
      FlightEvents.granted(flight, failures, claim);
    } catch (Throwable e) { // thrown by the claim, which the takeover finds out, too
      LOGGER.log(System.Logger.Level.WARNING, "a claim can't be recorded", e);
    }
  }

  private void decline(Throwable error) {
    if (error == null) {
      decline("the guard gave no claim", null);
    } else if (error instanceof ClaimDeclinedException) {
      decline(error.getMessage(), null);
    } else {
      decline("the guard failed: " + error, error);
    }
  }

  private void decline(String reason, Throwable error) {
    if (flight != null) {
      FlightEvents.declined(flight, failures, reason);
    }
    outcome.declined(reason, error);
  }

  /** Takes the guard's answer. Returns false if the clock or a closer was first. */
  private synchronized boolean settle() {
    if (answered) {
      Thread.interrupted(); // it was for the guard
      return false;
    }
    answered = true;
    return true;
  }

  /** The clock is every monitor's: what an executor runs on its caller's thread isn't run on it. */
  private void expire() {
    synchronized (this) {
      if (answered) {
        return;
      }
      answered = true;
      interruptAsker();
    }
    Runnable late = () -> executor.execute(() -> decline(lateness(), null));
    try {
      new Thread(late, "keepalive-guard-late").start();
    } catch (OutOfMemoryError e) { // no thread: rather late for the others than never
      late.run();
    }
  }

  private String lateness() {
    return "the guard gave no answer within " + setting.timeout().toMillis() + " ms";
  }
}
