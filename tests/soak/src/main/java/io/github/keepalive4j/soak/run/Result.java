package io.github.keepalive4j.soak.run;

import io.github.keepalive4j.soak.check.Breach;
import io.github.keepalive4j.soak.check.Checker;
import io.github.keepalive4j.soak.check.History;
import io.github.keepalive4j.soak.check.Measure;
import io.github.keepalive4j.soak.load.Footprint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What came of a soak.
 *
 * @param footprints all, of which the first and the last are without links
 * @param startNs when the troubles began
 * @param endNs when they were over
 */
public record Result(
    History history, List<Breach> breaches, List<Footprint> footprints, long startNs, long endNs) {
  /** Which part of the troubles' time is left out of the trends: the JVM warms up. */
  private static final int WARM_UP_PART = 3;

  static Result of(History history, List<Footprint> footprints, long startNs, long endNs) {
    return new Result(history, Checker.check(history), footprints, startNs, endNs);
  }

  /** Returns the footprints that are to be flat. */
  List<Footprint> warm() {
    long warmNs = startNs + (endNs - startNs) / WARM_UP_PART;
    return footprints.stream()
        .filter(footprint -> footprint.atNs() >= warmNs && footprint.atNs() <= endNs)
        .toList();
  }

  /**
   * Returns how many descriptors more there are when all links are closed than before the first.
   */
  long descriptorsLeft() {
    return footprints.get(footprints.size() - 1).descriptors() - footprints.get(0).descriptors();
  }

  /** Returns what is wrong, for people to read; nothing if all is as it has to be. */
  public List<String> complaints() {
    List<String> complaints = new ArrayList<>();
    List<Footprint> warm = warm();
    Arrays.stream(Measure.values())
        .filter(measure -> !measure.isFlat(warm))
        .forEach(measure -> complaints.add("not flat: " + measure.verdict(warm)));
    if (descriptorsLeft() > 0) {
      complaints.add(descriptorsLeft() + " descriptors are left when all links are closed");
    }
    breaches.forEach(breach -> complaints.add(breach.toString()));
    return complaints;
  }
}
