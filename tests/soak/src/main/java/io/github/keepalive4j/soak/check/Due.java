package io.github.keepalive4j.soak.check;

/**
 * A time by which a link has to have its end told.
 *
 * @param spell what makes it end
 */
record Due(Spell spell, long deadlineNs) {}
