package io.github.keepalive4j.qemu;

import java.time.Duration;
import java.util.Objects;

/** How a {@link QmpSession} keeps its connection. Immutable. */
public final class QmpSessionOptions {

  private static final QmpSessionOptions DEFAULTS = builder().build();

  private final QmpOptions connection;
  private final Duration firstBackoff;
  private final Duration longestBackoff;
  private final Duration checkInterval;
  private final Duration checkTimeout;

  private QmpSessionOptions(Builder builder) {
    connection = builder.connection;
    firstBackoff = builder.firstBackoff;
    longestBackoff = builder.longestBackoff;
    checkInterval = builder.checkInterval;
    checkTimeout = builder.checkTimeout;
  }

  /**
   * Returns the defaults. The session reconnects after 50 ms, then after twice as long each time,
   * up to 1 s. It asks for the machine's status every 5 s, and gives QEMU 5 s to answer.
   */
  public static QmpSessionOptions defaults() {
    return DEFAULTS;
  }

  /** Returns a builder that begins with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the limits of each connection. */
  public QmpOptions connection() {
    return connection;
  }

  /** Returns the wait before the first attempt to reconnect. */
  public Duration firstBackoff() {
    return firstBackoff;
  }

  /** Returns the longest wait between attempts to reconnect. */
  public Duration longestBackoff() {
    return longestBackoff;
  }

  /** Returns the time between two checks that QEMU still answers. */
  public Duration checkInterval() {
    return checkInterval;
  }

  /** Returns the time that QEMU has to answer a check. */
  public Duration checkTimeout() {
    return checkTimeout;
  }

  /** Builds {@link QmpSessionOptions}. */
  public static final class Builder {

    private QmpOptions connection = QmpOptions.defaults();
    private Duration firstBackoff = Duration.ofMillis(50);
    private Duration longestBackoff = Duration.ofSeconds(1);
    private Duration checkInterval = Duration.ofSeconds(5);
    private Duration checkTimeout = Duration.ofSeconds(5);

    private Builder() {}

    /** Sets the limits of each connection. */
    public Builder connection(QmpOptions options) {
      connection = Objects.requireNonNull(options, "options");
      return this;
    }

    /**
     * Sets the waits between attempts to connect; each is twice as long as the one before.
     *
     * @param first the shortest, 1 ms to 1 day
     * @param longest the longest, not shorter than the first
     * @throws IllegalArgumentException if either is out of range
     */
    public Builder backoff(Duration first, Duration longest) {
      Arguments.duration("first backoff", Objects.requireNonNull(first, "first"));
      Arguments.duration("longest backoff", Objects.requireNonNull(longest, "longest"));
      if (longest.compareTo(first) < 0) {
        throw new IllegalArgumentException(
            "longest backoff: " + longest + ", must not be shorter than the first, " + first);
      }
      firstBackoff = first;
      longestBackoff = longest;
      return this;
    }

    /**
     * Sets how often the session asks QEMU for its machine's status, and how long QEMU has to
     * answer before the connection counts as lost.
     *
     * @param interval the time between two checks, 1 ms to 1 day
     * @param timeout the time for the answer, 1 ms to 1 day
     * @throws IllegalArgumentException if either is out of range
     */
    public Builder check(Duration interval, Duration timeout) {
      checkInterval =
          Arguments.duration("check interval", Objects.requireNonNull(interval, "interval"));
      checkTimeout =
          Arguments.duration("check timeout", Objects.requireNonNull(timeout, "timeout"));
      return this;
    }

    /** Returns the options, which are immutable. */
    public QmpSessionOptions build() {
      return new QmpSessionOptions(this);
    }
  }
}
