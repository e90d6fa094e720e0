/**
 * The events for the JDK's Flight Recorder. Without a recorder, or the module {@code jdk.jfr}, only
 * {@link io.github.keepalive4j.internal.jfr.Flight} may be used.
 */
package io.github.keepalive4j.internal.jfr;
