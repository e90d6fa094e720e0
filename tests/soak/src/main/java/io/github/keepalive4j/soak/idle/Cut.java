package io.github.keepalive4j.soak.idle;

/**
 * One cut of a source's host and what followed, in ms. Each but the last counts from the end of the
 * command that cut.
 *
 * @param ageMs how long the link had been left alone
 * @param verdictMs until the verdict
 * @param eventMs until the {@code failover} event
 * @param commandMs until the first instruction of {@code --on-failover}
 * @param floorMs what a C program takes, after the same time of idling, from a write to the first
 *     instruction of the shell's command that waited for it
 */
record Cut(double ageMs, double verdictMs, double eventMs, double commandMs, double floorMs) {}
