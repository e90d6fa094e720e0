package io.github.keepalive4j.internal.guard;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.internal.Link;
import io.github.keepalive4j.internal.SafeLogger;
import java.util.List;
import java.util.concurrent.Executor;

/** The way from a verdict to its callback: past the guard, with each step in the journal. */
public final class Takeover {
  private static final System.Logger LOGGER = SafeLogger.get();

  private static final byte PROMISE = 'Y';

  private static final String CLOSED = "the watch was closed before its callback began";

  /** The callback follows the verdict at once, and no journal is kept. */
  public static final Takeover IMMEDIATE =
      new Takeover(GuardSetting.NONE, WatchJournal.NONE, Runnable::run);

  private final GuardSetting guard;
  private final WatchJournal record;
  private final Executor executor;
  private GuardCall pending; // guarded by this; null until the guard is asked
  private boolean cancelled; // guarded by this

  /** Makes the way of one watch, whose guard has been armed. */
  public Takeover(GuardSetting guard, WatchJournal record, Executor executor) {
    this.guard = guard;
    this.record = record;
    this.executor = executor;
  }

  /** Who wants to take over. */
  public interface Party {
    /**
     * Lets the party's last act follow at once. Returns false if the watch was closed: then nothing
     * may begin any more.
     */
    boolean begin();

    /** Runs the callback, without a claim where there is no guard. Reports what it throws. */
    Throwable callBack(Claim claim);

    void declined(String reason);

    void report(Throwable error);

    /** Comes after the callback, or after the decline. */
    void end();
  }

  /** Tells whether neither a guard nor a journal stands between a verdict and its callback. */
  public boolean isImmediate() {
    return !guard.isPresent() && !record.isKept();
  }

  public WatchJournal record() {
    return record;
  }

  /** Notes a link under watch, and tells the guard of it. */
  public void armed(KeepaliveSocket link) {
    record.armed(link);
    if (guard.isPresent()) {
      try {
        guard.guard().linked(link.localAddress());
      } catch (Throwable e) { // the link is watched all the same
        LOGGER.log(System.Logger.Level.WARNING, "the guard wasn't told of " + link, e);
      }
    }
  }

  /** Answers the source if the guard promises to hold back. It takes silence for a refusal. */
  public void answerHoldBack(Link link) {
    if (guard.isPresent()) {
      try {
        if (guard.guard().holdBack()) {
          link.send(PROMISE);
        }
      } catch (Throwable e) { // no promise; the failure of a link follows
        LOGGER.log(System.Logger.Level.WARNING, "no promise to hold back was given", e);
      }
    }
  }

  public void run(List<Failure> failures, Party party) {
    record.takeoverBegins();
    if (guard.isPresent()) {
      GuardCall call = new GuardCall(guard, failures, executor, new Answer(party));
      if (admit(call)) {
        call.ask();
      }
    } else {
      runUnguarded(party);
    }
  }

  private synchronized boolean admit(GuardCall call) {
    pending = call;
    return !cancelled;
  }

  /** A link is up: the first, or a fresh one in the place of another. */
  public void connected() {
    guard.connected();
  }

  /** The watch has ended. */
  public void disarm() {
    guard.disarm();
  }

  /** Ends a pending question to the guard. The party may not begin any more by then. */
  public void cancel() {
    GuardCall toEnd;
    synchronized (this) {
      cancelled = guard.isPresent();
      toEnd = pending;
    }
    if (toEnd != null) {
      toEnd.cancel();
    }
  }

  private void runUnguarded(Party party) {
    record.unguarded();
    record.callbackBegin(null);
    if (party.begin()) { // the disk may have taken long
      record.callbackEnd(party.callBack(null));
      party.end();
    } else {
      record.declined(CLOSED);
    }
  }

  private void decline(Party party, String reason) {
    if (party.begin()) {
      record.declined(reason);
      party.declined(reason);
      party.end();
    }
  }

  /** Carries the guard's answer to the party. */
  private final class Answer implements GuardCall.Outcome {
    private final Party party;

    Answer(Party party) {
      this.party = party;
    }

    @Override
    public void granted(Claim claim) {
      HeldClaim held = new HeldClaim(claim, record, party::report);
      String refusalReason = prepare(held);
      if (refusalReason != null) {
        attempt(held::release);
        decline(party, refusalReason);
      } else if (party.begin()) {
        record.callbackEnd(party.callBack(held));
        attempt(() -> warnIfUnheeded(held));
        party.end();
      } else {
        record.declined(CLOSED);
        attempt(held::release);
      }
    }

    /** Returns why the holder may not begin, or null. A claim whose own code throws is no claim. */
    private String prepare(HeldClaim held) {
      try {
        held.hold();
        String refusalReason = held.refusalReason();
        if (refusalReason != null) {
          return refusalReason;
        }
        record.callbackBegin(held);
        return held.begin(); // the disk may have taken long
      } catch (Throwable e) {
        party.report(e);
        return "the claim failed: " + e;
      }
    }

    /** What a claim's own code throws must not keep the watch from ending. */
    private void attempt(Runnable step) {
      try {
        step.run();
      } catch (Throwable e) {
        party.report(e);
      }
    }

    private void warnIfUnheeded(HeldClaim held) {
      if (held.isUnheeded()) {
        LOGGER.log(
            System.Logger.Level.WARNING,
            "nobody listens for the loss of the claim \""
                + held.description()
                + "\": if it is lost, two may run; call Failover.onClaimLost in the callback");
      }
    }

    @Override
    public void declined(String reason, Throwable error) {
      if (error != null) {
        party.report(error);
      }
      decline(party, reason);
    }
  }
}
