package io.github.keepalive4j;

import io.github.keepalive4j.internal.callback.Observers;
import io.github.keepalive4j.internal.guard.Takeover;
import java.util.ArrayList;
import java.util.List;

/** Counts the failures of a group of links and calls back once there are enough. */
final class LinkGroup implements FailoverCallback {
  private final KeepaliveMonitor monitor;
  private final int needed;
  private final GroupFailoverCallback callback;
  private final Takeover takeover;
  private final List<Failure> failures = new ArrayList<>(); // guarded by this

  LinkGroup(
      KeepaliveMonitor monitor, int needed, GroupFailoverCallback callback, Takeover takeover) {
    this.monitor = monitor;
    this.needed = needed;
    this.callback = callback;
    this.takeover = takeover;
  }

  @Override
  public void onFailover(Failure failure) throws Exception {
    List<Failure> enough;
    synchronized (this) {
      failures.add(failure);
      if (failures.size() != needed) {
        return;
      }
      enough = List.copyOf(failures);
    }
    if (takeover.isImmediate()) {
      monitor.observers().callBack(callback, enough);
    } else {
      takeover.run(enough, new GroupCandidate(enough));
    }
  }

  private final class GroupCandidate extends Candidate {
    GroupCandidate(List<Failure> failures) {
      super(monitor, callback, failures);
    }

    @Override
    public boolean begin() {
      return monitor.isOpen();
    }

    @Override
    public void declined(String reason) {
      KeepaliveMonitor.logDecline(Observers.decidingOf(failures()), reason);
      super.declined(reason);
    }

    @Override
    public void end() {}
  }
}
