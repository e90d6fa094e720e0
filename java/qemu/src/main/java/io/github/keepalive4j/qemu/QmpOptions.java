package io.github.keepalive4j.qemu;

import java.time.Duration;

/** The limits of a QMP connection. Immutable. */
public final class QmpOptions {

  private static final int LEAST_MESSAGE_BYTES = 1024;
  private static final int MOST_MESSAGE_BYTES = 1 << 30;
  private static final QmpOptions DEFAULTS = builder().build();

  private final Duration connectTimeout;
  private final Duration commandTimeout;
  private final int maxReplyBytes;

  private QmpOptions(Builder builder) {
    connectTimeout = builder.connectTimeout;
    commandTimeout = builder.commandTimeout;
    maxReplyBytes = builder.maxReplyBytes;
  }

  /** Returns the defaults: 5 s to connect, 5 s for a command, replies of up to 16 MiB. */
  public static QmpOptions defaults() {
    return DEFAULTS;
  }

  /** Returns a builder that begins with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the longest that connection, greeting and negotiation may take together. */
  public Duration connectTimeout() {
    return connectTimeout;
  }

  /** Returns the longest that a command may take if the caller gives no limit. */
  public Duration commandTimeout() {
    return commandTimeout;
  }

  /** Returns the size in bytes of the largest message that is accepted from QEMU. */
  public int maxReplyBytes() {
    return maxReplyBytes;
  }

  /** Builds {@link QmpOptions}. */
  public static final class Builder {

    private Duration connectTimeout = Duration.ofSeconds(5);
    private Duration commandTimeout = Duration.ofSeconds(5);
    private int maxReplyBytes = 16 << 20;

    private Builder() {}

    /**
     * Limits connection, greeting and negotiation together.
     *
     * @param connectTimeout 1 ms to 1 day
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder connectTimeout(Duration connectTimeout) {
      this.connectTimeout = Arguments.duration("connectTimeout", connectTimeout);
      return this;
    }

    /**
     * Limits a command for which the caller gives no limit.
     *
     * @param commandTimeout 1 ms to 1 day
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder commandTimeout(Duration commandTimeout) {
      this.commandTimeout = Arguments.duration("commandTimeout", commandTimeout);
      return this;
    }

    /**
     * Limits the size of a message from QEMU.
     *
     * @param bytes 1 KiB to 1 GiB
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder maxReplyBytes(int bytes) {
      maxReplyBytes =
          Arguments.range("maxReplyBytes", bytes, LEAST_MESSAGE_BYTES, MOST_MESSAGE_BYTES);
      return this;
    }

    /** Returns the options, which are immutable. */
    public QmpOptions build() {
      return new QmpOptions(this);
    }
  }
}
