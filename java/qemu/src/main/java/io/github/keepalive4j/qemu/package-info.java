/**
 * Takes over QEMU machines from outside, through QMP.
 *
 * <p>{@link io.github.keepalive4j.qemu.QmpSession} stays connected while a link is watched, so that
 * at the moment of failover no handshake is left to do; a {@link
 * io.github.keepalive4j.qemu.FailoverAction} then makes the machine run and says, step by step,
 * what it did.
 */
package io.github.keepalive4j.qemu;
