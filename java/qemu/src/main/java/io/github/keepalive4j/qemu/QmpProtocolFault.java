package io.github.keepalive4j.qemu;

import org.jspecify.annotations.Nullable;

/** A message that is not QMP; the connection turns it into a {@link QmpConnectionException}. */
final class QmpProtocolFault extends Exception {

  private static final long serialVersionUID = 1;

  private final QmpConnectionException.Fault fault;

  QmpProtocolFault(String message) {
    this(QmpConnectionException.Fault.PROTOCOL, message, null);
  }

  QmpProtocolFault(QmpConnectionException.Fault fault, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.fault = fault;
  }

  QmpConnectionException.Fault fault() {
    return fault;
  }
}
