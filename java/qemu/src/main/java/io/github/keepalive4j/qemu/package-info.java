/**
 * Takes over QEMU machines from outside, through QMP.
 *
 * <p>{@link io.github.keepalive4j.qemu.QmpSession} stays connected while a link is watched, so that
 * at the moment of failover no handshake is left to do.
 */
package io.github.keepalive4j.qemu;
