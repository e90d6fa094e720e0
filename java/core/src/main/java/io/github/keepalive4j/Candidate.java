package io.github.keepalive4j;

import io.github.keepalive4j.internal.callback.Observers;
import io.github.keepalive4j.internal.callback.ThrowingRunnable;
import io.github.keepalive4j.internal.guard.Takeover;
import java.util.List;

/** A group of links on its way past the guard; a single link is a group of one. */
abstract class Candidate implements Takeover.Party {
  private final KeepaliveMonitor monitor;
  private final GroupFailoverCallback callback;
  private volatile List<Failure> failures;

  Candidate(KeepaliveMonitor monitor, GroupFailoverCallback callback, List<Failure> failures) {
    this.monitor = monitor;
    this.callback = callback;
    this.failures = failures;
  }

  /** Returns the failures, with the claim once there is one. */
  final List<Failure> failures() {
    return failures;
  }

  @Override
  public final Throwable callBack(Claim claim) {
    List<Failure> claimed = claimed(claim);
    failures = claimed;
    return guarded(() -> monitor.observers().callBack(callback, claimed));
  }

  @Override
  public final void claimLost(Claim claim, ClaimLoss loss) {
    guarded(() -> callback.onClaimLost(claimed(claim), loss.reason()));
  }

  @Override
  public void declined(String reason) {
    monitor.observers().declined(failures, reason);
    guarded(() -> callback.onDeclined(failures, reason));
  }

  @Override
  public final void report(Throwable error) {
    monitor.report(Observers.decidingOf(failures), error);
  }

  private List<Failure> claimed(Claim claim) {
    return failures.stream().map(failure -> failure.claimed(claim)).toList();
  }

  private Throwable guarded(ThrowingRunnable call) {
    try {
      call.run();
      return null;
    } catch (Throwable e) { // whatever it is, it must not cost other links their thread
      report(e);
      return e;
    }
  }
}
