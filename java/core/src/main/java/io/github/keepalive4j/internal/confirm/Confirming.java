package io.github.keepalive4j.internal.confirm;

import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.internal.Range;
import io.github.keepalive4j.internal.callback.CallbackThreads;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** What a monitor does before a link that was ended counts as failed. */
public final class Confirming {
  private final long timeNs;
  private final boolean failoverWhenAborted;
  private final CallbackThreads threads; // null if no source is tried again

  private Confirming(long timeNs, boolean failoverWhenAborted, CallbackThreads threads) {
    this.timeNs = timeNs;
    this.failoverWhenAborted = failoverWhenAborted;
    this.threads = threads;
  }

  /**
   * Tries sources again.
   *
   * @param time for how long; null for not at all
   * @param failoverWhenAborted whether a link that this host ended counts without that
   * @param pools makes the threads to do that on
   */
  public static Confirming within(
      Duration time, boolean failoverWhenAborted, CallbackThreads.Factory pools) {
    return time == null
        ? new Confirming(0, failoverWhenAborted, null)
        : new Confirming(
            time.toNanos(),
            failoverWhenAborted,
            pools.newThreads("-confirm", task -> ((SecondOpinion) task).giveUp()));
  }

  public static Duration checked(Duration time) {
    return Range.checkMillisecondToDay("confirm", time);
  }

  public boolean isOn() {
    return threads != null;
  }

  /** Tells whether a source is tried again after this failure: not where it was silent. */
  public boolean isFor(FailureCause cause) {
    return isOn()
        && (cause == FailureCause.CLOSED
            || cause == FailureCause.RESET
            || cause == FailureCause.WORKLOAD_ENDED
            || cause == FailureCause.ABORTED);
  }

  /** Makes a task that runs once, though an executor that takes it and throws has it run twice. */
  public static Runnable once(Runnable task) {
    AtomicBoolean begun = new AtomicBoolean();
    return () -> {
      if (begun.compareAndSet(false, true)) {
        task.run();
      }
    };
  }

  /** Tells whether this host ended the link, which says nothing of the source. */
  public boolean isMereAbort(FailureCause cause) {
    return cause == FailureCause.ABORTED && !failoverWhenAborted;
  }

  /**
   * Makes a second opinion, which {@link #start} starts.
   *
   * @param ended how the link has ended
   * @param before the answer by which that link was opened, or null
   */
  public SecondOpinion prepare(
      Failure ended, SecondOpinion.Answer before, SecondOpinion.Asker asker) {
    return before != null && before.isRecentAt(ended.verdictNs())
        ? new SecondOpinion(ended.link(), before, ended.verdictNs(), asker)
        : new SecondOpinion(ended.link(), System.nanoTime() + timeNs, asker);
  }

  /** Starts on a thread of its own. Where there is none to be had, nobody answers. */
  public void start(SecondOpinion opinion) {
    try {
      threads.execute(opinion);
    } catch (OutOfMemoryError e) {
      opinion.giveUp();
    }
  }

  public void close() {
    if (isOn()) {
      threads.shutdown();
    }
  }
}
