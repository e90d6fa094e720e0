package io.github.keepalive4j.sockets.internal;

import io.github.keepalive4j.internal.sockets.SocketTable;
import io.github.keepalive4j.sockets.SocketRules;
import io.github.keepalive4j.sockets.SweepListener;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Applies rules to the sockets that a process has now, and then leaves them. It is a sweep that
 * scans once, and looks again only at the sockets that have to wait for their user timeout.
 *
 * <p>At no time does a socket have a user timeout that somebody would have to raise, so that it may
 * be killed at any time.
 */
public final class OneTime {
  private final Sweep sweep;
  private final SweepListener listener;
  private final List<Runnable> heard = new ArrayList<>(); // in this pass
  private final long startNs = System.nanoTime();

  private OneTime(SocketTable table, SocketRules rules, SweepListener listener) {
    this.listener = listener;
    Reports reports = new Reports(new Collector(), (log, call) -> call.run());
    sweep = new Sweep(table, rules, reports, Pauses.ofPasses(), Exempt.NONE);
  }

  /**
   * Sets the sockets that are connected now.
   *
   * @param patience how long to wait for answers, and for windows to open. What still waits then
   *     keeps keepalive alone
   * @param listener hears on this thread, while no duplicate is open, what was set, refused and
   *     found stuck. {@link SweepListener#onGoverned} comes when a socket is left, so that it tells
   *     what stays
   * @throws IOException if the process has ended, or the kernel refuses; what was set is told
   *     before
   */
  public static void apply(
      SocketTable table, SocketRules rules, Duration patience, SweepListener listener)
      throws IOException, InterruptedException {
    new OneTime(table, rules, listener).run(patience.toNanos());
  }

  private void run(long patienceNs) throws IOException, InterruptedException {
    try {
      sweep.scan(nowNs());
      pass();
      while (sweep.isPutOff() || (!sweep.governed().isEmpty() && nowNs() < patienceNs)) {
        TimeUnit.NANOSECONDS.sleep(Sweep.REST_NS);
        pass();
      }
    } finally {
      leave(socket -> true);
    }
  }

  private void pass() throws IOException {
    sweep.look(nowNs());
    leave(OneTime::isSettled);
  }

  private long nowNs() {
    return System.nanoTime() - startNs;
  }

  private static boolean isSettled(TrackedSocket socket) {
    return socket.isRefused || socket.isStuckTold || socket.expected.userTimeoutMs() > 0;
  }

  /** Leaves sockets as they are, and tells what they have and what was heard of them. */
  private void leave(Predicate<TrackedSocket> which) {
    long nowNs = nowNs();
    for (TrackedSocket socket : sweep.governed()) {
      if (which.test(socket)) {
        SweepListener.SocketUpdate update = socket.update(nowNs);
        socket.leaveAlone();
        if (!socket.isRefused) {
          listener.onGoverned(update);
        }
      }
    }
    heard.forEach(Runnable::run);
    heard.clear();
  }

  /** Keeps what comes while duplicates are open: whoever hears it may be slow. */
  private final class Collector implements SweepListener {
    @Override
    public void onStuck(SocketUpdate event) {
      heard.add(() -> listener.onStuck(event));
    }

    @Override
    public void onRefused(SocketUpdate event) {
      heard.add(() -> listener.onRefused(event));
    }
  }
}
