package io.github.keepalive4j.fast;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Measured times and their percentiles. */
final class Durations {
  private final List<Long> sortedNs = new ArrayList<>();

  void add(long ns) {
    int index = Collections.binarySearch(sortedNs, ns);
    sortedNs.add(index < 0 ? -index - 1 : index, ns);
  }

  /** The nearest-rank percentile. */
  Duration percentile(double percent) {
    int rank = (int) Math.ceil(percent / 100 * sortedNs.size());
    return Duration.ofNanos(sortedNs.get(Math.max(0, rank - 1)));
  }

  Duration max() {
    return percentile(100);
  }

  int size() {
    return sortedNs.size();
  }

  /** The line that a report takes over. */
  String summary() {
    return "n=%d p50=%.1f p99=%.1f max=%.1f ms"
        .formatted(size(), ms(percentile(50)), ms(percentile(99)), ms(max()));
  }

  private static double ms(Duration duration) {
    return duration.toNanos() / 1e6;
  }
}
