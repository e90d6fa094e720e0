package io.github.keepalive4j.soak.idle;

/**
 * The end of a source.
 *
 * @param startedNs a time at which it had not begun yet
 * @param effectiveNs the time from which all others count
 */
record Ended(long startedNs, long effectiveNs) {
  double tookMs() {
    return (effectiveNs - startedNs) / 1e6;
  }

  double msUntil(long timeNs) {
    return (timeNs - effectiveNs) / 1e6;
  }
}
