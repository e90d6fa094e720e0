package io.github.keepalive4j.qemu;

import java.io.IOException;

/**
 * No answer was had from QEMU. If a command was under way, it is unknown whether QEMU carried it
 * out; the connection is closed.
 */
public final class QmpConnectionException extends IOException {

  private static final long serialVersionUID = 1;

  /** The kind of fault. */
  private final Fault fault;

  /** What is wrong with a QMP connection. */
  public enum Fault {
    /** No connection could be made: no such socket, nobody listens, or no session is up. */
    UNREACHABLE,
    /** The peer stayed silent for longer than the time given. */
    TIMED_OUT,
    /** The peer ended the connection, as a QEMU does that exits or dies. */
    ENDED,
    /** What the peer sent is not QMP. */
    PROTOCOL,
    /** The peer sent a message larger than the limit. */
    OVERSIZED,
    /** This side closed the connection. */
    CLOSED
  }

  /**
   * Makes an exception.
   *
   * @param fault the kind of fault
   * @param message what happened, to which peer
   */
  public QmpConnectionException(Fault fault, String message) {
    this(fault, message, null);
  }

  /**
   * Makes an exception.
   *
   * @param fault the kind of fault
   * @param message what happened, to which peer
   * @param cause what led to it, or null
   */
  public QmpConnectionException(Fault fault, String message, Throwable cause) {
    super(message, cause);
    this.fault = fault;
  }

  /**
   * The kind of fault.
   *
   * @return the fault
   */
  public Fault fault() {
    return fault;
  }
}
