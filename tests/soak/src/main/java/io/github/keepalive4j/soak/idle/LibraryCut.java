package io.github.keepalive4j.soak.idle;

/**
 * One cut of a source's host, as a user's program of the library learns of it, in ms.
 *
 * @param budget the link's budget
 * @param ageMs how long the link had been left alone
 * @param cutMs how long the command took that cut the host off
 * @param collectionMs when a full collection began, from the cut on; negative if it was before
 * @param stoppedMs how long the collection took
 * @param verdictMs from the cut to the verdict
 * @param callbackMs from the cut to the callback
 * @param early whether the verdict came before the cut: a false one
 */
record LibraryCut(
    String budget,
    double ageMs,
    double cutMs,
    double collectionMs,
    double stoppedMs,
    double verdictMs,
    double callbackMs,
    boolean early)
    implements Outcome {
  /** How long before and after the cut a collection begins. */
  static final int AROUND_MS = 30;

  @Override
  public boolean counts() {
    return !early && Math.abs(collectionMs) <= AROUND_MS;
  }
}
