package io.github.keepalive4j.qemu;

/**
 * Hears what happens on a QMP connection. Calls come one after the other, in order, on a thread of
 * their own, so that they may execute commands; none begins once the connection's {@code close()}
 * has been called.
 */
public interface QmpListener {

  /** A listener that ignores everything. */
  QmpListener NONE = new QmpListener() {};

  /**
   * The connection is ready for commands. A session says so after each reconnection.
   *
   * @param greeting what QEMU says of itself
   */
  default void onConnected(QmpGreeting greeting) {}

  /**
   * QEMU reports something by itself.
   *
   * @param event what it reports
   */
  default void onEvent(QmpEvent event) {}

  /**
   * The connection is gone: QEMU has ended, fell silent, or sent what is not QMP.
   *
   * @param cause why
   */
  default void onDisconnected(QmpConnectionException cause) {}
}
