package io.github.keepalive4j.testkit.event;

import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.internal.testing.EventFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Builds failures, one method for each cause, with the errno that goes with it.
 *
 * <pre>{@code
 * Failure failure = Failures.timedOut(source).silence(Duration.ofSeconds(5)).build();
 * }</pre>
 *
 * <p>A failure built here has no {@link Failure#tcpInfo()}. Its {@link Failure#link()} tells the
 * peer and the local address. All else that it is asked throws a {@link
 * java.nio.channels.ClosedChannelException}.
 */
public final class Failures {
  private static final int ECONNABORTED = 103;
  private static final int ECONNRESET = 104;
  private static final int ETIMEDOUT = 110;
  private static final int EHOSTUNREACH = 113;
  private static final int MAX_ERRNO = 4095;

  private Failures() {}

  /**
   * Builds a failure with the cause {@link FailureCause#TIMED_OUT} and ETIMEDOUT.
   *
   * @param peer the source, resolved
   * @return the builder
   */
  public static Builder timedOut(InetSocketAddress peer) {
    return new Builder(peer, FailureCause.TIMED_OUT, ETIMEDOUT);
  }

  /**
   * Builds a failure with the cause {@link FailureCause#UNREACHABLE} and EHOSTUNREACH.
   *
   * @param peer the source, resolved
   * @return the builder
   */
  public static Builder unreachable(InetSocketAddress peer) {
    return new Builder(peer, FailureCause.UNREACHABLE, EHOSTUNREACH);
  }

  /**
   * Builds a failure with the cause {@link FailureCause#RESET} and ECONNRESET.
   *
   * @param peer the source, resolved
   * @return the builder
   */
  public static Builder reset(InetSocketAddress peer) {
    return new Builder(peer, FailureCause.RESET, ECONNRESET);
  }

  /**
   * Builds a failure with the cause {@link FailureCause#CLOSED}, without an errno.
   *
   * @param peer the source, resolved
   * @return the builder
   */
  public static Builder closed(InetSocketAddress peer) {
    return new Builder(peer, FailureCause.CLOSED, 0);
  }

  /**
   * Builds a failure with the cause {@link FailureCause#HUNG}, without an errno.
   *
   * @param peer the source, resolved
   * @return the builder
   */
  public static Builder hung(InetSocketAddress peer) {
    return new Builder(peer, FailureCause.HUNG, 0);
  }

  /**
   * Builds a failure with the cause {@link FailureCause#NO_CARRIER}, without an errno.
   *
   * @param peer the source, resolved
   * @return the builder
   */
  public static Builder noCarrier(InetSocketAddress peer) {
    return new Builder(peer, FailureCause.NO_CARRIER, 0);
  }

  /**
   * Builds a failure with the cause {@link FailureCause#WORKLOAD_ENDED}, without an errno.
   *
   * @param peer the source, resolved
   * @return the builder
   */
  public static Builder workloadEnded(InetSocketAddress peer) {
    return new Builder(peer, FailureCause.WORKLOAD_ENDED, 0);
  }

  /**
   * Builds a failure with the cause {@link FailureCause#LEFT}, without an errno.
   *
   * @param peer the source, resolved
   * @return the builder
   */
  public static Builder left(InetSocketAddress peer) {
    return new Builder(peer, FailureCause.LEFT, 0);
  }

  /**
   * Builds a failure with the cause {@link FailureCause#VIOLATED}, without an errno.
   *
   * @param peer the source, resolved
   * @param octet the byte that the link doesn't know, 0 to 255
   * @return the builder
   * @throws IllegalArgumentException if the octet is out of range
   */
  public static Builder violated(InetSocketAddress peer, int octet) {
    requireRange("octet", octet, 255);
    Builder builder = new Builder(peer, FailureCause.VIOLATED, 0);
    builder.octet = octet;
    return builder;
  }

  /**
   * Builds a failure with the cause {@link FailureCause#ABORTED} and ECONNABORTED.
   *
   * @param peer the source, resolved
   * @return the builder
   */
  public static Builder aborted(InetSocketAddress peer) {
    return new Builder(peer, FailureCause.ABORTED, ECONNABORTED);
  }

  private static void requireRange(String name, int value, int max) {
    if (value < 0 || value > max) {
      throw new IllegalArgumentException(name + " " + value + " is not from 0 to " + max);
    }
  }

  /** Sets what else a failure tells. Not thread-safe. */
  public static final class Builder {
    private final InetSocketAddress peer;
    private final FailureCause cause;
    private int errno;
    private int octet;
    private @Nullable Duration silence; // null for unknown
    private @Nullable InetSocketAddress localAddress; // null for unknown

    private Builder(InetSocketAddress peer, FailureCause cause, int errno) {
      Objects.requireNonNull(peer, "peer");
      if (peer.isUnresolved()) {
        throw new IllegalArgumentException(
            "peer " + peer + " is unresolved, and a link's peer never is");
      }
      this.peer = peer;
      this.cause = cause;
      this.errno = errno;
    }

    /**
     * Sets for how long the source had been silent at the verdict. Unless set, {@link
     * Failure#silence()} is empty, as on the pure-JDK path.
     *
     * @param silence the time, zero or more
     * @return this
     * @throws IllegalArgumentException if the time is negative
     */
    public Builder silence(Duration silence) {
      if (Objects.requireNonNull(silence, "silence").isNegative()) {
        throw new IllegalArgumentException("silence " + silence + " is negative");
      }
      this.silence = silence;
      return this;
    }

    /**
     * Sets another errno than the usual one of the cause.
     *
     * @param errno as errno(3) numbers it, 1 to 4095, or 0 for none
     * @return this
     * @throws IllegalArgumentException if the number is out of range
     */
    public Builder errno(int errno) {
      requireRange("errno", errno, MAX_ERRNO);
      this.errno = errno;
      return this;
    }

    /**
     * Sets the address that the link was sent from. {@link Failure#checkLocalTrouble()} looks it up
     * on the machine that the test runs on. Unless set, that method finds no trouble.
     *
     * @param address an address, which this machine may lack
     * @return this
     */
    public Builder localAddress(InetSocketAddress address) {
      localAddress = Objects.requireNonNull(address, "address");
      return this;
    }

    /**
     * Builds the failure. Its verdict is now.
     *
     * @return a failure
     */
    public Failure build() {
      long nowNs = System.nanoTime();
      OptionalLong lastHeardNs =
          silence == null ? OptionalLong.empty() : OptionalLong.of(nowNs - silence.toNanos());
      return EventFactory.get()
          .failure(
              new EventFactory.FailureSpec(
                  peer, localAddress, cause, errno, octet, lastHeardNs, nowNs));
    }
  }
}
