package io.github.keepalive4j.sockets.internal;

import io.github.keepalive4j.internal.sockets.Duplicate;
import io.github.keepalive4j.internal.sockets.Looks;
import io.github.keepalive4j.internal.sockets.SocketOptions;
import io.github.keepalive4j.internal.sockets.SocketTable;
import io.github.keepalive4j.sockets.SocketRule;
import io.github.keepalive4j.sockets.SocketRules;
import io.github.keepalive4j.sockets.SweepListener.SocketUpdate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Does what the rules ask to one connected socket after the other. Not thread-safe. */
final class Governor {
  private final SocketTable table;
  private final Looks looks;
  private final List<GovernedRule> rules;
  private final boolean endStuck;
  private final Reports reports;
  private final Pauses pauses;
  private final Exempt exempt;

  /**
   * Makes a governor.
   *
   * @param looks where it finds what a socket does now
   * @param exempt the sockets that are never touched
   */
  Governor(
      SocketTable table,
      Looks looks,
      SocketRules rules,
      Reports reports,
      Pauses pauses,
      Exempt exempt) {
    this.table = table;
    this.looks = looks;
    this.rules = rules.rules().stream().map(GovernedRule::new).toList();
    this.endStuck = rules.endStuck();
    this.reports = reports;
    this.pauses = pauses;
    this.exempt = exempt;
  }

  /** May be called by any thread. */
  long governed(SocketRule rule) {
    for (GovernedRule governed : rules) {
      if (governed.rule().equals(rule)) {
        return governed.sockets().get();
      }
    }
    throw new IllegalArgumentException(
        "rule \"" + rule + "\" is none of " + rules.stream().map(GovernedRule::rule).toList());
  }

  boolean wantsOptions(TrackedSocket socket, long nowNs) {
    return pauses.wantsOptions(socket, nowNs);
  }

  /** Takes in the look at a connected socket. */
  void govern(TrackedSocket socket, int i, long nowNs) throws IOException {
    if (exempt.contain(socket.fd)) {
      socket.leaveAlone();
    } else if (socket.rule == null) {
      decide(socket, i, nowNs);
    } else {
      tend(socket, i, nowNs);
    }
  }

  /** Takes in that a socket isn't connected any more, or closed. */
  void forget(TrackedSocket socket, long nowNs) {
    if (socket.rule != null && socket.unanswered.isDeath(nowNs, socket.rule.userTimeoutNs())) {
      reports.deadPeer(socket.update(nowNs));
    }
    socket.leaveAlone();
  }

  /** Finds a socket's rule, once. */
  private void decide(TrackedSocket socket, int i, long nowNs) throws IOException {
    Optional<Duplicate> found = table.duplicate(socket.fd, socket.identity);
    if (found.isEmpty()) {
      return; // closed meanwhile
    }
    try (Duplicate duplicate = found.get()) {
      GovernedRule rule = readAddresses(socket, duplicate) ? match(socket.remote) : null;
      if (rule != null) {
        begin(socket, duplicate, rule, i, nowNs);
      } else if (socket.remote != null) {
        socket.leaveAlone();
      }
    }
  }

  private static boolean readAddresses(TrackedSocket socket, Duplicate duplicate) {
    try {
      socket.local = duplicate.local();
      socket.remote = duplicate.remote();
      return true;
    } catch (IOException e) { // its connection has died meanwhile
      return false;
    }
  }

  private GovernedRule match(InetSocketAddress remote) {
    for (GovernedRule rule : rules) {
      if (rule.rule().matches(remote)) {
        return rule;
      }
    }
    return null;
  }

  private void begin(
      TrackedSocket socket, Duplicate duplicate, GovernedRule rule, int i, long nowNs)
      throws IOException {
    socket.govern(rule, nowNs);
    observe(socket, i, nowNs);
    socket.timeout = UserTimeout.begin(rule, pauses.areEndless(), looks, i, nowNs);
    socket.isBacklog = Stuck.isOwed(looks, i);
    socket.unanswered.backdate(Stuck.owedNs(looks, i));
    SocketOptions wanted = rule.options(wantedUserTimeoutMs(socket, i, nowNs));
    boolean isSet = set(socket, duplicate, wanted, nowNs);
    socket.count(); // before it is told
    if (isSet) {
      reports.governed(socket.update(nowNs));
    }
    tellSpared(socket, nowNs);
    table.mark(duplicate, socket.fd, socket.identity);
    if (Stuck.isStuck(socket, looks, i, nowNs)) {
      tellStuck(socket, duplicate, nowNs);
    }
    socket.nextLookNs = nowNs + pauses.afterLookNs(socket, nowNs);
  }

  private void observe(TrackedSocket socket, int i, long nowNs) {
    boolean isOwed = looks.probes(i) > 0 || looks.retransmits(i) > 0 || Stuck.isOwed(looks, i);
    socket.unanswered.look(nowNs, TimeUnit.MILLISECONDS.toNanos(looks.sinceHeardMs(i)), isOwed);
    socket.queuedBytes = looks.queuedBytes(i);
  }

  private int wantedUserTimeoutMs(TrackedSocket socket, int i, long nowNs) {
    int wantedMs = socket.timeout.wantedMs(looks, i, nowNs);
    socket.window = socket.timeout.window();
    return wantedMs;
  }

  /** Comes once the options are in place, which it tells. */
  private void tellSpared(TrackedSocket socket, long nowNs) {
    boolean isSpared = socket.timeout.isSparing(nowNs);
    if (isSpared && !socket.isSparedTold) {
      reports.spared(socket.update(nowNs));
    }
    socket.isSparedTold = socket.timeout.isClosed() && (isSpared || socket.isSparedTold);
  }

  private void tend(TrackedSocket socket, int i, long nowNs) throws IOException {
    boolean isOverwritten =
        pauses.wantsOptions(socket, nowNs) && !looks.hasOptions(i, socket.expected);
    pauses.noteLook(socket, nowNs);
    observe(socket, i, nowNs);
    SocketOptions wanted = socket.rule.options(wantedUserTimeoutMs(socket, i, nowNs));
    boolean isStuck = Stuck.isStuck(socket, looks, i, nowNs);
    if (isOverwritten || isStuck || !wanted.equals(socket.expected)) {
      change(socket, wanted, isOverwritten, isStuck, nowNs);
    }
    tellSpared(socket, nowNs);
    socket.nextLookNs = nowNs + pauses.afterLookNs(socket, nowNs);
  }

  private void change(
      TrackedSocket socket,
      SocketOptions wanted,
      boolean isOverwritten,
      boolean isStuck,
      long nowNs)
      throws IOException {
    Optional<Duplicate> found = table.duplicate(socket.fd, socket.identity);
    if (found.isEmpty()) {
      return; // closed meanwhile
    }
    try (Duplicate duplicate = found.get()) {
      boolean wasRefused = socket.isRefused;
      boolean isSet = set(socket, duplicate, wanted, nowNs);
      if (isSet && isOverwritten && !wasRefused) {
        reports.setAgain(socket.update(nowNs));
      }
      if (isStuck) {
        tellStuck(socket, duplicate, nowNs);
      }
    }
  }

  /** Returns whether the kernel has taken the options. */
  private boolean set(TrackedSocket socket, Duplicate duplicate, SocketOptions wanted, long nowNs) {
    socket.expected = wanted;
    try {
      duplicate.set(wanted);
      socket.isRefused = false;
    } catch (IOException e) {
      if (!socket.isRefused) {
        socket.isRefused = true;
        reports.refused(socket.update(nowNs).refused(e));
      }
    }
    return !socket.isRefused;
  }

  private void tellStuck(TrackedSocket socket, Duplicate duplicate, long nowNs) {
    socket.isStuckTold = true;
    SocketUpdate update = socket.update(nowNs);
    reports.stuck(endStuck && hasEnded(duplicate) ? update.ended() : update);
  }

  private static boolean hasEnded(Duplicate duplicate) {
    try {
      duplicate.shutdown();
      return true;
    } catch (IOException e) { // the kernel was faster
      return false;
    }
  }

  /**
   * Turns the user timeout of a socket off whose window is closed. The rule's would end it at the
   * next probe, and nobody raises it any more.
   */
  void giveBack(TrackedSocket socket) throws IOException {
    Optional<Duplicate> found = table.duplicate(socket.fd, socket.identity);
    if (found.isPresent()) {
      try (Duplicate duplicate = found.get()) {
        duplicate.setUserTimeout(0);
      }
    }
  }
}
