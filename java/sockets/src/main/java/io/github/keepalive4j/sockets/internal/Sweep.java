package io.github.keepalive4j.sockets.internal;

import io.github.keepalive4j.internal.sockets.Looks;
import io.github.keepalive4j.internal.sockets.SocketTable;
import io.github.keepalive4j.sockets.SocketRules;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Scans a process's sockets, and looks at those that are due. Not thread-safe. Times are since the
 * sweeper's start, so never negative.
 */
final class Sweep {
  private final SocketTable table;
  private final Governor governor;
  private final SocketIndex index = new SocketIndex();
  private final Looks looks = new Looks();
  private final List<TrackedSocket> due = new ArrayList<>();
  private long nextWindowNs = Long.MAX_VALUE;

  Sweep(
      SocketTable table, SocketRules rules, Reports reports, Pauses pauses, IntPredicate isExempt) {
    this.table = table;
    this.governor = new Governor(table, looks, rules, reports, pauses, isExempt);
  }

  Governor governor() {
    return governor;
  }

  /** Finds what is new, and what is gone. */
  void scan(long nowNs) throws IOException {
    index.update(table.scan(), socket -> governor.forget(socket, nowNs));
  }

  /** Looks at the sockets that are due. */
  void look(long nowNs) throws IOException {
    looks.clear();
    due.clear();
    for (TrackedSocket socket : index.all()) {
      if (socket.nextLookNs <= nowNs) {
        due.add(socket);
        looks.add(socket.fd, socket.identity, governor.wantsOptions(socket, nowNs));
      }
    }
    table.look(looks);
    for (int i = 0; i < due.size(); i++) {
      judge(due.get(i), i, nowNs);
    }
    nextWindowNs = Long.MAX_VALUE;
    for (TrackedSocket socket : index.all()) {
      if (socket.window != null) {
        nextWindowNs = Math.min(nextWindowNs, socket.nextLookNs);
      }
    }
  }

  /** Returns when {@link #look} has to come at the latest, beside the scans. */
  long nextWindowNs() {
    return nextWindowNs;
  }

  private void judge(TrackedSocket socket, int i, long nowNs) throws IOException {
    if (looks.error(i) < 0) {
      if (looks.isNotTcp(i)) {
        socket.leaveAlone();
      }
      return; // one that is gone is left to the next scan
    }
    switch (looks.state(i)) {
      case ESTABLISHED, CLOSE_WAIT, FIN_WAIT1, FIN_WAIT2 -> governor.govern(socket, i, nowNs);
      case LISTEN -> socket.leaveAlone();
      default -> {
        if (socket.rule != null) {
          governor.forget(socket, nowNs); // dead, though its owner hasn't closed it
        }
      }
    }
  }

  /**
   * Takes back what was done for sockets whose windows are closed, as far as the kernel lets it.
   */
  void giveBack() throws IOException {
    for (TrackedSocket socket : index.all()) {
      if (socket.window != null) {
        governor.giveBack(socket);
      }
    }
  }
}
