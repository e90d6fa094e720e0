package io.github.keepalive4j.soak.idle;

/**
 * One cut of a source's host, as a user's program of the library learns of it, in ms.
 *
 * @param ageMs how long the link had been left alone
 * @param collectionMs when a full collection began, from the cut on; negative if it was before
 * @param stoppedMs how long the collection took
 * @param verdictMs from the cut to the verdict
 * @param callbackMs from the cut to the callback
 */
record LibraryCut(
    double ageMs, double collectionMs, double stoppedMs, double verdictMs, double callbackMs) {}
