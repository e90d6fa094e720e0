package io.github.keepalive4j.bench.report;

/**
 * The limit of a figure.
 *
 * @param measurement the measurement's number
 * @param name what is compared
 * @param measured the figure
 * @param limit the most that it may be
 * @param floor the floor's figure in place of the monitor's, the least that is possible; null where
 *     it has no meaning
 * @param unit of all three
 */
record Target(
    int measurement, String name, double measured, double limit, Double floor, String unit) {
  boolean isMet() {
    return measured <= limit;
  }
}
