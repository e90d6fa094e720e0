package io.github.keepalive4j.qemu;

/**
 * Hears what happens on a QMP connection. Calls come one at a time, in order, on a thread of their
 * own, so they may execute commands. No call begins after the connection's {@code close()} was
 * called.
 */
public interface QmpListener {

  /** A listener that ignores everything. */
  QmpListener NONE = new QmpListener() {};

  /**
   * The connection is ready for commands. A session calls this after each reconnection.
   *
   * @param greeting what QEMU says about itself
   */
  default void onConnected(QmpGreeting greeting) {}

  /** QEMU reports an event. */
  default void onEvent(QmpEvent event) {}

  /** The connection is gone: QEMU ended, fell silent, or sent something that is not QMP. */
  default void onDisconnected(QmpConnectionException cause) {}
}
