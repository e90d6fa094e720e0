package io.github.keepalive4j.soak.takeover;

/**
 * One round: an injury to the holder, and what came of it.
 *
 * @param number from 1
 * @param ensembleStopped whether the ensemble was stopped meanwhile
 * @param startNs when the injury began, on {@link System#nanoTime}'s clock
 * @param endNs when the round was over and one workload had to run
 */
record Round(int number, Injury injury, boolean ensembleStopped, long startNs, long endNs) {
  @Override
  public String toString() {
    return "round " + number + " (" + injury + (ensembleStopped ? ", ensemble stopped" : "") + ")";
  }
}
