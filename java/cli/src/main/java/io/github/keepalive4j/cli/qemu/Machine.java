package io.github.keepalive4j.cli.qemu;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** A machine that takes a source's place. */
public interface Machine {
  /**
   * Takes over from this source. Returns whether the machine runs.
   *
   * @param mayAct asked before each command to the machine; nothing more is sent once it says no
   */
  boolean run(String source, BooleanSupplier mayAct) throws InterruptedException;

  /** Pauses the machine, because another may run in its place. */
  void stop(String source, Duration timeout);
}
