package io.github.keepalive4j.sockets.internal;

import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.internal.sockets.Looks;
import io.github.keepalive4j.internal.sockets.SocketTable;
import io.github.keepalive4j.sockets.SocketRules;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Scans a process's sockets, and looks at those that are due. Not thread-safe. Times are since the
 * sweeper's start, so never negative.
 */
final class Sweep {
  /** New sockets that are looked at in one pass. */
  private static final int MOST_NEW = 1_000;

  /**
   * Sockets that are governed in one pass. Their keepalive timers fire together from then on, and
   * the loopback device drops what is more than net.core.netdev_max_backlog, 1,000, without a word.
   * Timers of 16 s and more share a bucket of 2 s of the kernel's timer wheel, others one of 256
   * ms.
   */
  private static final int MOST_GOVERNED = 120;

  /** When the next pass follows where there were more. */
  static final long REST_NS = TimeUnit.MILLISECONDS.toNanos(256);

  private final SocketTable table;
  private final Governor governor;
  private final Pauses pauses;
  private final SocketIndex index = new SocketIndex();
  private final Looks looks = new Looks();
  private final Exempt exempt;
  private final List<TrackedSocket> due = new ArrayList<>();
  private long nextLookNs = Long.MAX_VALUE;
  private int governed; // in this pass
  private boolean isPutOff; // a new one, to the next pass

  Sweep(SocketTable table, SocketRules rules, Reports reports, Pauses pauses, Exempt exempt) {
    this.table = table;
    this.pauses = pauses;
    this.exempt = exempt;
    this.governor = new Governor(table, looks, rules, reports, pauses, exempt);
  }

  Governor governor() {
    return governor;
  }

  /** Finds what is new, and what is gone. */
  void scan(long nowNs) throws IOException {
    index.update(table.scan(), socket -> governor.forget(socket, nowNs));
  }

  /** Looks at the sockets that are due. What fails with one of them doesn't keep it from others. */
  void look(long nowNs) throws IOException {
    governed = 0;
    isPutOff = false;
    IOException first = null;
    nextLookNs = Long.MAX_VALUE;
    choose(nowNs);
    table.look(looks);
    for (int i = 0; i < due.size(); i++) {
      try {
        judge(due.get(i), i, nowNs);
      } catch (IOException e) { // as for lack of a descriptor
        first = first == null ? e : first;
        due.get(i).nextLookNs = nowNs + pauses.afterFailureNs(due.get(i), nowNs);
      }
    }
    due.forEach(this::noteNextLook);
    if (first != null) {
      throw first;
    }
  }

  private void choose(long nowNs) {
    looks.clear();
    due.clear();
    int fresh = 0;
    for (TrackedSocket socket : index.all()) {
      if (socket.nextLookNs > nowNs) {
        noteNextLook(socket);
        continue;
      }
      fresh += socket.rule == null ? 1 : 0;
      if (socket.rule == null && fresh > MOST_NEW) {
        putOff(nowNs);
      } else {
        due.add(socket);
        looks.add(socket.fd, socket.identity, governor.wantsOptions(socket, nowNs));
      }
    }
  }

  private void noteNextLook(TrackedSocket socket) {
    if (socket.window != null) {
      nextLookNs = Math.min(nextLookNs, socket.nextLookNs);
    }
  }

  private void putOff(long nowNs) {
    isPutOff = true;
    nextLookNs = nowNs + REST_NS;
  }

  /** Tells whether the last pass has left new sockets to the next one. */
  boolean isPutOff() {
    return isPutOff;
  }

  /** Returns the sockets that have a rule now. */
  List<TrackedSocket> governed() {
    return index.all().stream().filter(socket -> socket.rule != null).toList();
  }

  /** Returns when {@link #look} has to come at the latest, beside the scans. */
  long nextLookNs() {
    return nextLookNs;
  }

  private void judge(TrackedSocket socket, int i, long nowNs) throws IOException {
    if (looks.error(i) < 0) {
      judgeError(socket, i);
      return;
    }
    switch (looks.state(i)) {
      case ESTABLISHED, CLOSE_WAIT, FIN_WAIT1, FIN_WAIT2, CLOSING, LAST_ACK ->
          govern(socket, i, nowNs);
      case LISTEN -> socket.leaveAlone();
      default -> {
        if (socket.rule != null || !pauses.areEndless()) {
          table.unmark(socket.fd); // nobody looks at it any more
          governor.forget(socket, nowNs); // dead, though its owner hasn't closed it
        }
      }
    }
  }

  /** What comes to nothing now is left to the next scan, if there is one. */
  private void judgeError(TrackedSocket socket, int i) throws IOException {
    boolean isOver = looks.isNotTcp(i) || looks.isGone(i);
    if (!isOver && !pauses.areEndless()) {
      throw new KeepaliveException("looking at descriptor " + socket.fd, -looks.error(i));
    }
    if (looks.isNotTcp(i) || !pauses.areEndless()) {
      socket.leaveAlone();
    } else {
      table.unmark(socket.fd);
    }
  }

  private void govern(TrackedSocket socket, int i, long nowNs) throws IOException {
    boolean isNew = socket.rule == null;
    if (isNew && (governed == MOST_GOVERNED || !exempt.areComplete())) {
      putOff(nowNs);
      return;
    }
    governor.govern(socket, i, nowNs);
    governed += isNew && socket.rule != null ? 1 : 0;
  }

  /** Leaves sockets whose windows are closed to the kernel, as far as it lets it. */
  void giveBack() throws IOException {
    for (TrackedSocket socket : index.all()) {
      if (socket.window != null) {
        governor.giveBack(socket);
      }
    }
  }
}
