package io.github.keepalive4j.zookeeper;

import java.time.Duration;

/**
 * How a guard's backup takes over.
 *
 * @param acknowledgeTimeout how long a replaced holder may take to say that it stops
 * @param releaseTimeout how long one that has said so may take to stop and release its claim
 * @param requestTimeout how long the ensemble may take to answer
 * @param liveHolder what happens to a holder whose session is alive
 * @param whenUnavailable the guard's answer where the ensemble gives none
 */
record TakeoverPolicy(
    Duration acknowledgeTimeout,
    Duration releaseTimeout,
    Duration requestTimeout,
    LiveHolder liveHolder,
    Unavailable whenUnavailable) {}
