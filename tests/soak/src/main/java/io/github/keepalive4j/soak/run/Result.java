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
 * The result of a soak.
 *
 * @param footprints all samples; the first and the last were taken without links
 * @param startNs when the first fault could begin
 * @param endNs when the last fault was over
 */
public record Result(
    History history, List<Breach> breaches, List<Footprint> footprints, long startNs, long endNs) {
  /** The trends leave out this fraction of the time, in which the JVM warms up. */
  private static final int WARM_UP_PART = 3;

  static Result of(History history, List<Footprint> footprints, long startNs, long endNs) {
    return new Result(history, Checker.check(history), footprints, startNs, endNs);
  }

  /** Returns the footprints after the warm-up, which have to be flat. */
  List<Footprint> warm() {
    long warmNs = startNs + (endNs - startNs) / WARM_UP_PART;
    return footprints.stream()
        .filter(footprint -> footprint.atNs() >= warmNs && footprint.atNs() <= endNs)
        .toList();
  }

  /** Returns how many descriptors stay open after all links are closed. */
  long descriptorsLeft() {
    return footprints.get(footprints.size() - 1).descriptors() - footprints.get(0).descriptors();
  }

  /** Returns what is wrong, for people to read; nothing if the soak is right. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    List<Footprint> warm = warm();
    Arrays.stream(Measure.values())
        .filter(measure -> !measure.isFlat(warm))
        .forEach(measure -> problems.add("not flat: " + measure.verdict(warm)));
    if (descriptorsLeft() > 0) {
      problems.add(descriptorsLeft() + " descriptors are left when all links are closed");
    }
    breaches.forEach(breach -> problems.add(breach.toString()));
    return problems;
  }
}
