package io.github.keepalive4j.qemu;

import java.time.Duration;

/**
 * What makes a QEMU take over. An action is idempotent: it looks before it acts, and where its work
 * is done already it says so and changes nothing. Runs of the same action wait for one another.
 */
public interface FailoverAction {

  /**
   * The action's name, such as {@code cont}.
   *
   * @return a short name
   */
  String name();

  /**
   * Takes over, and verifies that QEMU says so.
   *
   * @param qemu the QEMU whose machine takes over, best a {@link QmpSession} that is connected
   * @param limit the longest that all of it may take, 1 ms to 1 day
   * @return what was done
   * @throws TakeoverException if QEMU refuses, does not answer, or its machine does not get there
   *     within the limit; it carries the steps up to then
   * @throws InterruptedException if the thread is interrupted
   * @throws IllegalArgumentException if the limit is out of range
   */
  Takeover run(QmpExecutor qemu, Duration limit) throws TakeoverException, InterruptedException;
}
