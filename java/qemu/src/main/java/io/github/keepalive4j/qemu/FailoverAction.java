package io.github.keepalive4j.qemu;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Makes a QEMU machine take over. An action is idempotent: it looks first, and if its work is
 * already done it says so and changes nothing. Runs of the same action wait for one another.
 */
public interface FailoverAction {

  /** Returns a short name, such as {@code cont}. */
  String name();

  /**
   * Returns a known defect of a QEMU version that keeps this action from working.
   *
   * @param qemu what QEMU says about itself
   * @return the defect in words, empty if none is known
   */
  default Optional<String> knownDefect(QmpGreeting qemu) {
    Objects.requireNonNull(qemu, "qemu");
    return Optional.empty();
  }

  /**
   * Takes over, and verifies that QEMU reports the machine as running.
   *
   * @param qemu the QEMU whose machine takes over, best a {@link QmpSession} that is connected
   * @param limit the longest that the whole run may take, 1 ms to 1 day
   * @return what was done
   * @throws TakeoverException if QEMU refuses or does not answer, or if its machine does not run
   *     within the limit; it carries the steps so far
   * @throws InterruptedException if the thread is interrupted
   * @throws IllegalArgumentException if the limit is out of range
   */
  Takeover run(QmpExecutor qemu, Duration limit) throws TakeoverException, InterruptedException;
}
