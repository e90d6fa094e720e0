package io.github.keepalive4j.zookeeper;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What all claims of one guard use.
 *
 * @param holder this side's name in the record
 * @param requestTimeout how long the ensemble may take to answer
 * @param failsafe hears of the failsafe mode of a source; null for none
 */
record ClaimContext(
    Ensemble ensemble,
    String holder,
    Duration requestTimeout,
    GuardThreads threads,
    @Nullable Consumer<FailsafeState> failsafe) {

  RetryingCall newCall() {
    return new RetryingCall(Deadline.in(requestTimeout));
  }
}
