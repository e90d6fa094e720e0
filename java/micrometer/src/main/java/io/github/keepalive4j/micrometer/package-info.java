/**
 * Metrics of monitors and servers, for Micrometer's registries.
 *
 * <p>Start at {@link io.github.keepalive4j.micrometer.KeepaliveMonitorMetrics}.
 */
@NullMarked
package io.github.keepalive4j.micrometer;

import org.jspecify.annotations.NullMarked;
