/**
 * Takes over QEMU machines from outside, through QMP.
 *
 * <p>{@link io.github.keepalive4j.qemu.QmpSession} stays connected while a link is watched, so no
 * handshake is left to do at the failover. A {@link io.github.keepalive4j.qemu.FailoverAction} then
 * makes the machine run and reports each step.
 */
@NullMarked
package io.github.keepalive4j.qemu;

import org.jspecify.annotations.NullMarked;
