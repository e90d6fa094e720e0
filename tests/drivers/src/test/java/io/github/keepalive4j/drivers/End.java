package io.github.keepalive4j.drivers;

/**
 * How a call ended.
 *
 * @param afterNs the time since the host's death, or since the call if that began later
 * @param how the exceptions, outermost first
 */
record End(long afterNs, String how) {}
