package io.github.keepalive4j.sockets;

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
    private final boolean ended;
    private final @Nullable IOException cause; // null unless refused

    private SocketUpdate(
        InetSocketAddress local,
        InetSocketAddress remote,
        SocketRule rule,
        Duration silence,
        long queuedBytes,
        boolean ended,
        @Nullable IOException cause) {
      this.local = Objects.requireNonNull(local, "local");
      this.remote = Objects.requireNonNull(remote, "remote");
      this.rule = Objects.requireNonNull(rule, "rule");
      this.silence = Objects.requireNonNull(silence, "silence");
      this.queuedBytes = queuedBytes;
      this.ended = ended;
      this.cause = cause;
    }

    /**
     * Makes an event.
     *
     * @param queuedBytes written and not acknowledged, 0 or more
     */
    public static SocketUpdate of(
        InetSocketAddress local,
        InetSocketAddress remote,
        SocketRule rule,
        Duration silence,
        long queuedBytes) {
      return new SocketUpdate(local, remote, rule, silence, queuedBytes, false, null);
    }

    /** Returns this event of a connection that was shut down. */
    public SocketUpdate ended() {
      return new SocketUpdate(local, remote, rule, silence, queuedBytes, true, cause);
    }

    /** Returns this event of a socket whose options were refused. */
    public SocketUpdate refused(IOException cause) {
      return new SocketUpdate(
          local, remote, rule, silence, queuedBytes, ended, Objects.requireNonNull(cause, "cause"));
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
          + ", ended="
          + ended
          + ", cause="
          + cause
          + "]";
    }
  }
}
