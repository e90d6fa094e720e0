/**
 * Metrics of monitors and servers, for Micrometer's registries.
 *
 * <p>Start at {@link io.github.keepalive4j.micrometer.KeepaliveMonitorMetrics}.
 */
package io.github.keepalive4j.micrometer;
