package io.github.keepalive4j.sockets;

import io.github.keepalive4j.internal.sockets.SocketTable;
import io.github.keepalive4j.sockets.internal.Sweeper;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Applies rules to every connected TCP socket of this process, whoever opened it: within a second
 * of its opening, and for as long as it lives. Where somebody else changes the options, they are
 * set again: soon on a young socket, on others within two minutes. Of more than 120 that come at
 * once, 120 are governed in each 256 ms: keepalive timers that are set together fire together, and
 * a burst of probes loses some.
 *
 * <p>So that a sweep is cheap, a socket with a rule gets a mark that the kernel ignores on sockets
 * ({@code F_SET_RW_HINT}), and is recognised by it.
 *
 * <p>Never touched are listening and unconnected sockets, other kinds than TCP, sockets that match
 * no rule, and the links of this library, whose options are their owner's.
 *
 * <p>A peer that acknowledges but doesn't read is spared for as long as it acknowledges. One that
 * dies meanwhile is found within a budget and a half. The sweeper has to run for that: if the JVM
 * pauses, or has no descriptor left, for longer than a quarter of the budget, such a peer may be
 * taken for dead. Where the window had been closed for longer than about a second when the rule
 * came, it is left to the kernel until it opens. One that dies meanwhile is told of as stuck, once
 * the kernel's next probe stays unanswered: they are up to 2 minutes apart.
 *
 * <p>A socket that its owner has closed can't be reached any more, also while the kernel still
 * sends what was written. It keeps its user timeout, so if its peer doesn't read for that long, the
 * rest is lost. Shut down the output first, and close once the peer has answered.
 *
 * <p>Two sweepers whose rules overlap set the same sockets again and again, so open one.
 *
 * <p>Thread-safe. Its threads are daemons: the JVM ends without waiting for it.
 */
public final class SocketSweeper implements AutoCloseable {
  private final SocketRules rules;
  private final Sweeper sweeper;

  private SocketSweeper(SocketRules rules, Sweeper sweeper) {
    this.rules = rules;
    this.sweeper = sweeper;
  }

  /** Returns a builder without rules, which touches nothing. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the rules that are applied. */
  public SocketRules rules() {
    return rules;
  }

  /**
   * Returns how many open sockets have a rule now.
   *
   * @throws IllegalArgumentException if the rule isn't one of this sweeper's
   */
  public long governed(SocketRule rule) {
    return sweeper.governed(Objects.requireNonNull(rule, "rule"));
  }

  /** Returns how often a socket's options were set again, because somebody else changed them. */
  public long setAgain() {
    return sweeper.reports().setAgain();
  }

  /** Returns how many connections the kernel has ended because their peers were silent. */
  public long deadPeers() {
    return sweeper.reports().deadPeers();
  }

  /** Returns how often a connection was spared whose peer acknowledges but doesn't read. */
  public long spared() {
    return sweeper.reports().spared();
  }

  /** Returns how many connections were found stuck, ended or not. */
  public long stuck() {
    return sweeper.reports().stuck();
  }

  /** Returns how many stuck connections were shut down. */
  public long ended() {
    return sweeper.reports().ended();
  }

  /** Returns how many sockets there were whose options the kernel refused to set. */
  public long refused() {
    return sweeper.reports().refused();
  }

  /** Returns how many sweeps there were, including those that failed. */
  public long sweeps() {
    return sweeper.sweeps();
  }

  /** Returns how many sweeps failed, as for lack of a descriptor. Each is followed by another. */
  public long failedSweeps() {
    return sweeper.failedSweeps();
  }

  /** Returns how long all sweeps took together. */
  public Duration sweepTime() {
    return sweeper.sweepTime();
  }

  /**
   * Ends the sweeper. A socket whose window is closed gets its user timeout turned off, or the
   * kernel would end it. Keepalive doesn't run while data waits, so from then on the kernel finds
   * its peer dead by {@code tcp_retries2} alone. All others keep what they have: a peer that
   * doesn't read for a whole budget is ended. No listener call begins after this has returned. One
   * that is running isn't waited for, and may itself call this.
   */
  @Override
  public void close() {
    sweeper.close();
  }

  /** Collects what a sweeper is made with. Not thread-safe. */
  public static final class Builder {
    private SocketRules rules = SocketRules.of();
    private boolean endStuck;
    private @Nullable SweepListener listener; // null for none
    private Duration period = Sweeper.PERIOD;

    private Builder() {}

    /** Sets the rules. By default there are none, and no socket is touched. */
    public Builder rules(SocketRules rules) {
      this.rules = Objects.requireNonNull(rules, "rules");
      return this;
    }

    /**
     * Sets whether connections are shut down that are stuck: what they sent has been unacknowledged
     * for longer than their budget. By default they are only told of, unless the rules say so.
     *
     * @param endStuck true ends them, also without {@link SocketRules#endStuck()}
     */
    public Builder endStuck(boolean endStuck) {
      this.endStuck = endStuck;
      return this;
    }

    /** Sets who hears what happens. By default the log alone does. */
    public Builder listener(SweepListener listener) {
      this.listener = Objects.requireNonNull(listener, "listener");
      return this;
    }

    /** Sets the time between sweeps. */
    Builder period(Duration period) {
      this.period = period;
      return this;
    }

    /**
     * Opens the sweeper.
     *
     * @throws UnsupportedOperationException if the pure-JDK path is in use, which can't reach a
     *     socket that it didn't make
     * @throws OutOfMemoryError if no thread can be started; nothing stays open
     */
    public SocketSweeper open() {
      SocketRules effective = rules.withEndStuck(endStuck || rules.endStuck());
      return new SocketSweeper(
          effective,
          Sweeper.open(
              SocketTable.ofThisProcess(),
              effective,
              listener == null ? new SweepListener() {} : listener,
              period,
              new OwnLinks()));
    }
  }
}
