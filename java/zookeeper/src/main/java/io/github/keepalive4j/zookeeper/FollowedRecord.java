package io.github.keepalive4j.zookeeper;

import io.github.keepalive4j.zookeeper.RecordCheck.Trial;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which record a watch may replace. It is read before the link is connected, and followed from then
 * until the verdict. Later than that nothing is learned: what is in the record by then may be the
 * claim of a healthy successor. Thread-safe.
 *
 * <p>A record that is read first once the link is up may be replaced if it names the source or
 * nobody. So may one that changed while the link was being connected, because its source may have
 * started then.
 */
final class FollowedRecord {
  private static final Duration UNREACHABLE_RETRY = Duration.ofMillis(200);
  private static final Duration REFUSED_RETRY = Duration.ofSeconds(1);

  /** Nothing else tells of a permission that is taken, or of servers that only answer pings. */
  private static final Duration TRY_AGAIN = Duration.ofSeconds(10);

  private static final String UNREACHABLE = "the ensemble can't be reached";

  private static final String PROBES =
      ", as its failsafe mode needs: it only asks over links with probes";

  private final RecordCheck checks;
  private final GuardThreads threads;
  private final ArmedWatches watches;
  private final String path;
  private volatile Runnable listener = () -> {};
  private volatile Predicate<ClaimRecord> isKnown = any -> true;
  private final CompletableFuture<Void> firstCheck = new CompletableFuture<>();
  private @Nullable ClaimRecord record; // guarded by this; null until there is one to replace
  private @Nullable String refusal = UNREACHABLE; // guarded by this; null while armed
  private long knownNs; // guarded by this: when the record was accepted
  private boolean wasReached; // guarded by this: the ensemble has answered this watch
  private Trial due = Trial.TAKEOVER; // guarded by this: of the next check
  private boolean isUnanswered; // guarded by this: the latest check was
  private long unansweredNs; // guarded by this: when the first of those was sent
  private boolean isConnected; // guarded by this
  private boolean isSettling; // guarded by this: no check has begun since the link is up
  private long connectedNs; // guarded by this
  private boolean isOver; // guarded by this: nothing more is learned
  private boolean isChecking; // guarded by this
  private boolean isOutdated; // guarded by this: something changed during the check
  private boolean isScheduled; // guarded by this: a check follows by itself

  FollowedRecord(HeldClaims claims, GuardThreads threads, ArmedWatches watches) {
    this.checks = new RecordCheck(claims, claims.linkAddress());
    this.path = claims.ensemble().record();
    this.threads = threads;
    this.watches = watches;
  }

  /**
   * What a watch knows at its verdict.
   *
   * @param record the one to replace; null if there is none
   * @param refusal why there is none, or why it has become doubtful; null while armed
   * @param wasReached whether the ensemble has answered since the watch began
   */
  record Knowledge(
      @Nullable ClaimRecord record, @Nullable String refusal, boolean wasReached, long knownNs) {}

  synchronized Arming arming() {
    if (refusal != null || record == null) {
      return Arming.not(String.valueOf(refusal));
    }
    return isKnown.test(record)
        ? Arming.armed(record, path)
        : Arming.not(record.describe() + " has not asked this backup to hold back yet" + PROBES);
  }

  /** Takes what tells whether the record's holder knows this backup, if it needs to. */
  void knownBy(Predicate<ClaimRecord> newIsKnown) {
    isKnown = newIsKnown;
  }

  /** The holder has got to know this backup. */
  void noteKnown() {
    watches.note();
    threads.runBlocking(watches::tell);
  }

  /** Has the listener called after each check, without a lock. */
  void onCheck(Runnable newListener) {
    listener = newListener;
  }

  /** Returns the record that may be replaced; null if there is none. */
  synchronized @Nullable ClaimRecord record() {
    return record;
  }

  /** Waits for the end of the first check. */
  void awaitFirstCheck(Duration limit) {
    firstCheck.copy().completeOnTimeout(null, limit.toNanos(), TimeUnit.NANOSECONDS).join();
  }

  /** The link is up. */
  void connected() {
    boolean isFirst;
    synchronized (this) {
      if (isOver) {
        return;
      }
      isFirst = !isConnected;
      isConnected = true;
      isSettling = true;
      connectedNs = System.nanoTime();
    }
    if (isFirst) {
      threads.after(TRY_AGAIN, this::tryAgain);
    }
    watches.add(this);
    watches.note();
    watches.tell();
    check();
  }

  private void tryAgain() {
    synchronized (this) {
      if (isOver) {
        return;
      }
      if (due == Trial.NONE) {
        due = Trial.WRITE;
      }
    }
    check();
    threads.after(TRY_AGAIN, this::tryAgain);
  }

  /** The session on the ensemble has ended. */
  synchronized void disconnected() {
    if (!isOver) {
      refusal = UNREACHABLE;
    }
  }

  /** Ends the following, and returns what it has come to. */
  synchronized Knowledge end() {
    isOver = true;
    return new Knowledge(record, refusal, wasReached, knownNs);
  }

  /** Reads the record, unless that is over. */
  void check() {
    Trial trial;
    synchronized (this) {
      isOutdated = isChecking;
      if (isOver || isChecking) {
        return;
      }
      isChecking = true;
      trial = due;
    }
    long sentNs = System.nanoTime();
    CompletableFuture<Finding> unused =
        checks.start(trial).whenComplete((found, error) -> checked(found, error, sentNs));
  }

  private void checked(Finding found, Throwable error, long sentNs) {
    boolean isRemade = false;
    boolean isNext;
    synchronized (this) {
      isChecking = false;
      if (!isOver) {
        if (error == null) {
          isRemade = record != null && found.record().isRemadeSince(record);
          accept(found, sentNs);
        } else {
          fail(error, sentNs);
        }
      }
      isNext = isOutdated;
    }
    firstCheck.complete(null);
    listener.run();
    tell(isRemade);
    if (isNext) {
      check();
    } else {
      checkLater(error != null && !EnsembleErrors.isAnswer(error));
    }
  }

  private void tell(boolean isRemade) {
    if (isRemade) {
      watches.noteGap("the record " + path + " was deleted");
    }
    watches.note();
    threads.runBlocking(watches::tell);
  }

  private void checkLater(boolean isUnreachable) {
    synchronized (this) {
      if (isOver || isScheduled || (refusal == null && !isUnreachable)) {
        return;
      }
      isScheduled = true;
    }
    threads.after(
        isUnreachable ? UNREACHABLE_RETRY : REFUSED_RETRY,
        () -> {
          synchronized (this) {
            isScheduled = false;
          }
          check();
        });
  }

  /** Comes with this locked, as does all that follows. */
  private void fail(Throwable error, long sentNs) {
    if (EnsembleErrors.isAnswer(error)) {
      answered();
      refusal = EnsembleErrors.refusal(error);
      return;
    }
    unansweredNs = isUnanswered ? unansweredNs : sentNs;
    isUnanswered = true;
    if (due == Trial.NONE) {
      due = Trial.WRITE; // what hangs may be no more than the writes
    }
    if (record == null || System.nanoTime() - unansweredNs >= checks.patience().toNanos()) {
      refusal = UNREACHABLE;
    }
  }

  private void answered() {
    wasReached = true;
    isUnanswered = false;
  }

  private void accept(Finding found, long sentNs) {
    boolean isFirstSinceUp = isSettling && sentNs - connectedNs >= 0;
    isSettling &= !isFirstSinceUp;
    answered();
    if (found.refusal() != null) {
      refusal = found.refusal();
      due = Trial.TAKEOVER;
      return;
    }
    due = Trial.NONE;
    ClaimRecord now = found.record();
    if (record == null || now.isRemadeSince(record)) {
      acceptFirst(found);
    } else if (now.isFor(record.claimId())) {
      acceptSame(found, record);
    } else if (isFirstSinceUp && now.holder().role() == Holder.Role.SOURCE) {
      replaceBy(now);
    } else {
      refusal = now.isOfBackup() && !now.hasBegun() ? null : "won by " + now.describe();
    }
  }

  private void acceptFirst(Finding found) {
    ClaimRecord now = found.record();
    record = null;
    if (found.isHeldByBackup()) {
      refusal = heldBy(now);
    } else if (isConnected && now.namesHolder() && now.holder().role() == Holder.Role.UNKNOWN) {
      refusal =
          "the record was read only after the link was up, and doesn't say whether "
              + now.describe()
              + " is the source";
    } else {
      replaceBy(now);
    }
  }

  /**
   * A backup that begins isn't to be replaced by those that lost against it, nor one in failsafe
   * mode whose claim is there again.
   */
  private void acceptSame(Finding found, ClaimRecord before) {
    ClaimRecord now = found.record();
    if (now.isOfBackup() && now.hasBegun() && !before.hasBegun()) {
      refusal = "won by " + now.describe();
    } else if (found.isHeldByBackup()) {
      refusal = heldBy(now);
    } else {
      record = now;
      refusal = null;
    }
  }

  private static String heldBy(ClaimRecord now) {
    return "held by the backup " + now.describe() + ", which has taken over";
  }

  private void replaceBy(ClaimRecord now) {
    record = now;
    refusal = null;
    knownNs = System.nanoTime();
  }
}
