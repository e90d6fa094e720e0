package io.github.keepalive4j.qemu;

import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * QEMU gave no answer, and the connection is closed. If a command was pending, it is unknown
 * whether QEMU executed it.
 */
public final class QmpConnectionException extends IOException {

  private static final long serialVersionUID = 1;

  /** The kind of fault. */
  private final Fault fault;

  /** What is wrong with a QMP connection. More values may be added. */
  public enum Fault {
    /**
     * There is no connection: the socket is missing, nobody listens, or the session is not
     * connected.
     */
    UNREACHABLE,
    /** The peer did not answer within the time given. */
    TIMED_OUT,
    /** The peer ended the connection, as a QEMU does when it exits or dies. */
    ENDED,
    /** The peer sent something that is not QMP. */
    PROTOCOL,
    /** The peer sent a message larger than the limit. */
    OVERSIZED,
    /** This side closed the connection. */
    CLOSED
  }

  /**
   * Makes an exception.
   *
   * @param message what happened, and to which peer
   */
  public QmpConnectionException(Fault fault, String message) {
    this(fault, message, null);
  }

  /**
   * Makes an exception.
   *
   * @param message what happened, and to which peer
   * @param cause what led to it, or null
   */
  public QmpConnectionException(Fault fault, String message, @Nullable Throwable cause) {
    super(Objects.requireNonNull(message, "message"), cause);
    this.fault = Objects.requireNonNull(fault, "fault");
  }

  /** Returns the kind of fault. */
  public Fault fault() {
    return fault;
  }
}
