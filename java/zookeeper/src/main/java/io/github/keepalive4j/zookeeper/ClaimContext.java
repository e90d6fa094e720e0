package io.github.keepalive4j.zookeeper;

import java.time.Duration;

/**
 * What all claims of one guard use.
 *
 * @param holder this side's name in the record
 * @param requestTimeout how long the ensemble may take to answer
 */
record ClaimContext(
    Ensemble ensemble, String holder, Duration requestTimeout, GuardThreads threads) {

  RetryingCall newCall() {
    return new RetryingCall(Deadline.in(requestTimeout));
  }
}
