package io.github.keepalive4j.sockets;

import io.github.keepalive4j.KeepaliveOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Hears what a {@link SocketSweeper} does. Called on a daemon thread of its own, one call after the
 * other, so that a slow listener holds up no socket. If more than 10,000 calls wait, further ones
 * are dropped, and the log says how many. What a call throws is logged.
 */
public interface SweepListener {
  /** A rule was applied to a socket. */
  default void onGoverned(SocketUpdate event) {}

  /** A socket's options were set again, because somebody else had changed them. */
  default void onSetAgain(SocketUpdate event) {}

  /**
   * The kernel has ended a connection, because its peer was silent for too long. The socket's owner
   * has its error by now, or gets it with the next call.
   */
  default void onDeadPeer(SocketUpdate event) {}

  /**
   * A connection is spared that the kernel would end soon: the peer acknowledges but doesn't read,
   * and its window is closed. Called once until the window opens.
   */
  default void onSpared(SocketUpdate event) {}

  /**
   * A connection is stuck: what was sent has been unacknowledged for longer than the budget, and
   * the kernel takes up to 2 minutes more to act. {@link SocketUpdate#isEnded} tells whether it was
   * shut down.
   */
  default void onStuck(SocketUpdate event) {}

  /**
   * The kernel refused to set a socket's options, as {@link SocketUpdate#cause} says. It is tried
   * again with each sweep, and told once.
   */
  default void onRefused(SocketUpdate event) {}

  /** A socket, and what has happened to it. Immutable. */
  final class SocketUpdate {
    private final InetSocketAddress local;
    private final InetSocketAddress remote;
    private final SocketRule rule;
    private final Duration silence;
    private final long queuedBytes;
    private final Duration userTimeout; // zero for none
    private final boolean ended;
    private final @Nullable IOException cause; // null unless refused

    private SocketUpdate(
        InetSocketAddress local,
        InetSocketAddress remote,
        SocketRule rule,
        Duration silence,
        long queuedBytes,
        Duration userTimeout,
        boolean ended,
        @Nullable IOException cause) {
      this.local = Objects.requireNonNull(local, "local");
      this.remote = Objects.requireNonNull(remote, "remote");
      this.rule = Objects.requireNonNull(rule, "rule");
      this.silence = Objects.requireNonNull(silence, "silence");
      this.queuedBytes = queuedBytes;
      this.userTimeout = userTimeout;
      this.ended = ended;
      this.cause = cause;
    }

    /**
     * Makes an event, with the user timeout of the rule.
     *
     * @param queuedBytes written and not acknowledged, 0 or more
     */
    public static SocketUpdate of(
        InetSocketAddress local,
        InetSocketAddress remote,
        SocketRule rule,
        Duration silence,
        long queuedBytes) {
      Objects.requireNonNull(rule, "rule");
      Duration userTimeout =
          KeepaliveOptions.forTraffic(rule.within()).userTimeout().orElse(Duration.ZERO);
      return new SocketUpdate(local, remote, rule, silence, queuedBytes, userTimeout, false, null);
    }

    /**
     * Returns this event of a socket with another user timeout than the rule's.
     *
     * @param userTimeout 0 for none
     */
    public SocketUpdate withUserTimeout(Duration userTimeout) {
      return new SocketUpdate(
          local,
          remote,
          rule,
          silence,
          queuedBytes,
          Objects.requireNonNull(userTimeout, "userTimeout"),
          ended,
          cause);
    }

    /** Returns this event of a connection that was shut down. */
    public SocketUpdate ended() {
      return new SocketUpdate(local, remote, rule, silence, queuedBytes, userTimeout, true, cause);
    }

    /** Returns this event of a socket whose options were refused. */
    public SocketUpdate refused(IOException cause) {
      return new SocketUpdate(
          local,
          remote,
          rule,
          silence,
          queuedBytes,
          userTimeout,
          ended,
          Objects.requireNonNull(cause, "cause"));
    }

    /** Returns the socket's own address. */
    public InetSocketAddress local() {
      return local;
    }

    /** Returns the peer's address. */
    public InetSocketAddress remote() {
      return remote;
    }

    /** Returns the rule that matched the peer. */
    public SocketRule rule() {
      return rule;
    }

    /** Returns for how long the peer's kernel was not heard, in steps of 1 ms. */
    public Duration silence() {
      return silence;
    }

    /** Returns how many bytes were written and not acknowledged when the sweeper last looked. */
    public long queuedBytes() {
      return queuedBytes;
    }

    /**
     * Returns the {@code TCP_USER_TIMEOUT} that the sweeper set last. While the peer doesn't read,
     * it may be longer than the rule's. It is empty while there is none, because the peer was
     * silent for long, or hasn't read since before the rule came: then keepalive alone finds the
     * peer dead, until it answers or reads.
     */
    public Optional<Duration> userTimeout() {
      return Optional.of(userTimeout).filter(time -> !time.isZero());
    }

    /** Tells whether the sweeper shut the connection down. */
    public boolean isEnded() {
      return ended;
    }

    /** Returns why the options could not be set, or empty if they could. */
    public Optional<IOException> cause() {
      return Optional.ofNullable(cause);
    }

    @Override
    public String toString() {
      return "SocketUpdate[local="
          + local
          + ", remote="
          + remote
          + ", rule="
          + rule
          + ", silence="
          + silence
          + ", queuedBytes="
          + queuedBytes
          + ", userTimeout="
          + userTimeout
          + ", ended="
          + ended
          + ", cause="
          + cause
          + "]";
    }
  }
}
