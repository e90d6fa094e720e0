package io.github.keepalive4j;

import java.util.ArrayList;
import java.util.List;

/** Counts the failures of a group of links and calls back once there are enough. */
final class LinkGroup {
  private final int needed;
  private final GroupFailoverCallback callback;
  private final List<Failure> failures = new ArrayList<>(); // guarded by this

  LinkGroup(int needed, GroupFailoverCallback callback) {
    this.needed = needed;
    this.callback = callback;
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
    callback.onFailover(enough);
  }
}
