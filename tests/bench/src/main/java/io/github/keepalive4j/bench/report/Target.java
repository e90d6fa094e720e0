package io.github.keepalive4j.bench.report;

/**
 * What a figure is held to.
 *
 * @param measurement the measurement's number
 * @param name what is compared
 * @param measured the figure
 * @param limit the most that it may be
 * @param unit of both
 */
record Target(int measurement, String name, double measured, double limit, String unit) {
  boolean isMet() {
    return measured <= limit;
  }
}
