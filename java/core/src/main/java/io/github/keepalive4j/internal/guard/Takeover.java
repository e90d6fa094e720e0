package io.github.keepalive4j.internal.guard;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.internal.SafeLogger;
import java.util.List;
import java.util.concurrent.Executor;

/** The way from a verdict to its callback: past the guard, with each step in the journal. */
public final class Takeover {
  private static final System.Logger LOGGER = SafeLogger.get();

  /** The callback follows the verdict at once, and no journal is kept. */
  public static final Takeover IMMEDIATE =
      new Takeover(GuardSetting.NONE, WatchJournal.NONE, Runnable::run);

  private final GuardSetting guard;
  private final WatchJournal record;
  private final Executor executor;

  /** Makes the way of one watch, whose guard has been armed. */
  public Takeover(GuardSetting guard, WatchJournal record, Executor executor) {
    this.guard = guard;
    this.record = record;
    this.executor = executor;
  }

  /** Who wants to take over. */
  public interface Party {
    /** Begins the party's last act. Returns false if none may begin any more. */
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

  public void run(List<Failure> failures, Party party) {
    if (guard.isPresent()) {
      GuardCall.ask(guard, failures, executor, new Answer(party));
    } else {
      runUnguarded(party);
    }
  }

  private void runUnguarded(Party party) {
    if (party.begin()) {
      record.unguarded();
      record.callbackBegin(null);
      record.callbackEnd(party.callBack(null));
      party.end();
    }
  }

  private void decline(Party party, String reason) {
    record.declined(reason);
    party.declined(reason);
    party.end();
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
      held.hold();
      if (!party.begin()) {
        held.release();
        return;
      }
      String refusalReason = held.refusalReason();
      if (refusalReason == null) {
        record.callbackBegin(held);
        refusalReason = held.begin(); // the disk may have taken long
      }
      if (refusalReason == null) {
        record.callbackEnd(party.callBack(held));
        warnIfUnheeded(held);
        party.end();
      } else {
        held.release();
        decline(party, refusalReason);
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
      if (party.begin()) {
        if (error != null) {
          party.report(error);
        }
        decline(party, reason);
      }
    }
  }
}
