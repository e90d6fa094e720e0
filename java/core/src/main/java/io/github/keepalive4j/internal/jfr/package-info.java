/**
 * The events for the JDK's Flight Recorder. Only {@link io.github.keepalive4j.internal.jfr.Flight}
 * may be touched where there is no recorder, or no module {@code jdk.jfr}.
 */
package io.github.keepalive4j.internal.jfr;
