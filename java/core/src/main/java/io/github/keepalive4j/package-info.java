/**
 * The heartbeat link between two machines, its detection, and the failover that follows.
 *
 * <p>A <b>source</b> opens a {@link io.github.keepalive4j.KeepaliveServer}; a <b>backup</b>
 * connects a {@link io.github.keepalive4j.KeepaliveSocket} to it and hands it to a {@link
 * io.github.keepalive4j.KeepaliveMonitor} with a {@link io.github.keepalive4j.FailoverCallback}. By
 * default no data flows on the link: the backup's kernel probes the source's kernel with TCP
 * keepalive (RFC 1122, section 4.2.3.6).
 *
 * <p>A timeout can't tell a dead source from a cut cable. If two machines must never run at once,
 * give the monitor and the source's server a {@link io.github.keepalive4j.TakeoverGuard}. To prove
 * afterwards what happened, give them a {@link io.github.keepalive4j.Journal}.
 *
 * <p>Once an application has closed its monitors, servers and links, its class loader can be
 * collected. Keep one of them open for the application's lifetime: on the native transport JNA
 * leaks a little memory each time the last one closes and another opens. After 64 such cycles the
 * shim stays loaded.
 *
 * <p>Nothing is null unless it is {@code @Nullable} (JSpecify). A method that gets null all the
 * same throws a {@link NullPointerException} with the parameter's name.
 *
 * <p>All times in nanoseconds are on the clock of {@link System#nanoTime()}, which on Linux is
 * CLOCK_MONOTONIC.
 */
@NullMarked
package io.github.keepalive4j;

import org.jspecify.annotations.NullMarked;
