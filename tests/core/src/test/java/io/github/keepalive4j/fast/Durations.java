package io.github.keepalive4j.fast;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Measured times and their percentiles. */
final class Durations {
  private final List<Long> sortedNs = new ArrayList<>();
  private Duration ageOfSlowest; // null unless they are given

  void add(long ns) {
    int index = Collections.binarySearch(sortedNs, ns);
    sortedNs.add(index < 0 ? -index - 1 : index, ns);
  }

  /** Adds a time of something that had been left alone for so long. */
  void add(long ns, Duration age) {
    add(ns);
    if (ns == max().toNanos()) {
      ageOfSlowest = age;
    }
  }

  /** The nearest-rank percentile. */
  Duration percentile(double percent) {
    int rank = (int) Math.ceil(percent / 100 * sortedNs.size());
    return Duration.ofNanos(sortedNs.get(Math.max(0, rank - 1)));
  }

  Duration min() {
    return percentile(0);
  }

  Duration max() {
    return percentile(100);
  }

  int size() {
    return sortedNs.size();
  }

  /** The line that a report takes over. */
  String summary() {
    String times =
        "n=%d p50=%.1f p99=%.1f max=%.1f ms"
            .formatted(size(), ms(percentile(50)), ms(percentile(99)), ms(max()));
    return ageOfSlowest == null ? times : times + " (left alone for " + ageOfSlowest + ")";
  }

  private static double ms(Duration duration) {
    return duration.toNanos() / 1e6;
  }
}
