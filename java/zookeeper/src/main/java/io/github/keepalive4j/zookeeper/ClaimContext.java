package io.github.keepalive4j.zookeeper;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What all claims of one guard use.
 *
 * @param owner what the nodes of this guard have in common, and those of no other one
 * @param holder this side's name in the record
 * @param requestTimeout how long the ensemble may take to answer
 * @param failsafe hears of the failsafe mode of a holder that serves; null for none
 */
record ClaimContext(
    Ensemble ensemble,
    String owner,
    String holder,
    Duration requestTimeout,
    GuardThreads threads,
    @Nullable Consumer<FailsafeState> failsafe) {

  RetryingCall newCall() {
    return new RetryingCall(Deadline.in(requestTimeout));
  }
}
