package io.github.keepalive4j.bench.report;

/**
 * What a figure is held to.
 *
 * @param measurement the measurement's number
 * @param name what is compared
 * @param measured the figure
 * @param limit the most that it may be
 * @param floor what the floor comes to in the monitor's place, and so the least that can be hoped
 *     for; null where that says nothing
 * @param unit of all three
 */
record Target(
    int measurement, String name, double measured, double limit, Double floor, String unit) {
  boolean isMet() {
    return measured <= limit;
  }
}
