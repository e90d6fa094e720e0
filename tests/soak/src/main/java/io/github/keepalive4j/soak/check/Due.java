package io.github.keepalive4j.soak.check;

/**
 * A time by which a link has to have its end told.
 *
 * @param reason what makes it end, for people to read
 */
record Due(String reason, long deadlineNs) {}
