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
   * Reconnects after 50 ms, then after twice as long each time up to 1 s; asks for the machine's
   * status every 5 s, and gives QEMU 5 s to answer.
   *
   * @return the default options
   */
  public static QmpSessionOptions defaults() {
    return DEFAULTS;
  }

  /**
   * A builder that begins with the defaults.
   *
   * @return a new builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The limits of each connection.
   *
   * @return the connection's options
   */
  public QmpOptions connection() {
    return connection;
  }

  /**
   * The wait before the first attempt to reconnect.
   *
   * @return the shortest wait
   */
  public Duration firstBackoff() {
    return firstBackoff;
  }

  /**
   * The wait between attempts that keep failing.
   *
   * @return the longest wait
   */
  public Duration longestBackoff() {
    return longestBackoff;
  }

  /**
   * The time between two checks that QEMU still answers.
   *
   * @return the interval
   */
  public Duration checkInterval() {
    return checkInterval;
  }

  /**
   * The time that QEMU has to answer a check.
   *
   * @return the time limit
   */
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

    /**
     * Sets the limits of each connection.
     *
     * @param options the connection's options
     * @return this builder
     */
    public Builder connection(QmpOptions options) {
      connection = Objects.requireNonNull(options, "connection");
      return this;
    }

    /**
     * Sets the waits between attempts to connect; each is twice as long as the one before.
     *
     * @param first the shortest, 1 ms to 1 day
     * @param longest the longest, not shorter than the first
     * @return this builder
     * @throws IllegalArgumentException if either is out of range
     */
    public Builder backoff(Duration first, Duration longest) {
      Arguments.duration("first backoff", first);
      Arguments.duration("longest backoff", longest);
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
     * @return this builder
     * @throws IllegalArgumentException if either is out of range
     */
    public Builder check(Duration interval, Duration timeout) {
      checkInterval = Arguments.duration("check interval", interval);
      checkTimeout = Arguments.duration("check timeout", timeout);
      return this;
    }

    /**
     * Makes the options.
     *
     * @return immutable options
     */
    public QmpSessionOptions build() {
      return new QmpSessionOptions(this);
    }
  }
}
