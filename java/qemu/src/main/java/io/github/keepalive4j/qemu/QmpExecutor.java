package io.github.keepalive4j.qemu;

import java.time.Duration;

/** Executes QMP commands on one QEMU: a connection, or a session that keeps one. */
public interface QmpExecutor {

  /**
   * Executes a command and waits for its answer.
   *
   * @param timeout the longest to wait, 1 ms to 1 day
   * @return the reply's {@code return} member, often an empty object
   * @throws QmpException if QEMU answers with an error
   * @throws QmpConnectionException if no answer came within the timeout; the connection is then
   *     closed, and it is unknown whether QEMU executed the command
   * @throws InterruptedException if the thread is interrupted; the connection stays in use
   * @throws IllegalArgumentException if the timeout is out of range
   */
  QmpValue execute(QmpCommand command, Duration timeout)
      throws QmpException, QmpConnectionException, InterruptedException;
}
