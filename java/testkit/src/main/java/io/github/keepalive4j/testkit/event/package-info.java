/**
 * Events as the library makes them, for unit tests of failover callbacks and takeover guards. They
 * need no network and no privileges.
 *
 * <p>{@link io.github.keepalive4j.testkit.event.Failures}, {@link
 * io.github.keepalive4j.testkit.event.Failovers} and {@link
 * io.github.keepalive4j.testkit.event.ClaimRequests} build them. A {@link
 * io.github.keepalive4j.testkit.event.TestClaim} is a claim that the test takes away.
 */
@NullMarked
package io.github.keepalive4j.testkit.event;

import org.jspecify.annotations.NullMarked;
