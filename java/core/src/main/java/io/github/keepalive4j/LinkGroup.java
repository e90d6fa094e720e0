package io.github.keepalive4j;

import java.util.ArrayList;
import java.util.List;

/** Counts the failures of a group of links and calls back once there are enough. */
final class LinkGroup {
  private final KeepaliveMonitor monitor;
  private final int needed;
  private final GroupFailoverCallback callback;
  private final Takeover takeover; // null to call back without further ado
  private final List<Failure> failures = new ArrayList<>(); // guarded by this

  LinkGroup(
      KeepaliveMonitor monitor, int needed, GroupFailoverCallback callback, Takeover takeover) {
    this.monitor = monitor;
    this.needed = needed;
    this.callback = callback;
    this.takeover = takeover;
  }

  void failed(Failure failure) throws Exception {
    List<Failure> enough;
    synchronized (this) {
      failures.add(failure);
      if (failures.size() != needed) {
        return;
      }
      enough = List.copyOf(failures);
    }
    if (takeover == null) {
      monitor.observers().callBack(callback, enough);
    } else {
      takeover.run(enough, new Candidate(enough));
    }
  }

  /** The group on its way past the guard. */
  private final class Candidate implements Takeover.Party {
    private volatile List<Failure> verdicts;

    Candidate(List<Failure> verdicts) {
      this.verdicts = verdicts;
    }

    @Override
    public boolean begin() {
      return monitor.isOpen();
    }

    @Override
    public Throwable callBack(Claim claim) {
      List<Failure> claimed = verdicts.stream().map(failure -> failure.claimed(claim)).toList();
      verdicts = claimed;
      return guarded(() -> monitor.observers().callBack(callback, claimed));
    }

    @Override
    public void claimLost(Claim claim, ClaimLoss loss) {
      List<Failure> claimed = verdicts.stream().map(failure -> failure.claimed(claim)).toList();
      guarded(() -> callback.onClaimLost(claimed, loss.reason()));
    }

    @Override
    public void declined(String reason) {
      KeepaliveMonitor.logDecline(deciding(), reason);
      monitor.observers().declined(verdicts, reason);
      guarded(() -> callback.onDeclined(verdicts, reason));
    }

    @Override
    public void report(Throwable error) {
      monitor.report(deciding(), error);
    }

    @Override
    public void end() {}

    private KeepaliveSocket deciding() {
      return Observers.decidingOf(verdicts);
    }

    private Throwable guarded(ThrowingRunnable call) {
      try {
        call.run();
        return null;
      } catch (Throwable e) { // as a single link's callback
        report(e);
        return e;
      }
    }
  }
}
