package io.github.keepalive4j.soak.check;

import io.github.keepalive4j.soak.load.Footprint;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A measure that has to stay flat, with a bound on its rise from the warm-up to the end. */
@SuppressWarnings("ImmutableEnumChecker") // what the lambdas hold is
public enum Measure {
  HEAP("Java heap after a full collection", "MiB", Units.MIB, 1, Footprint::heapBytes),
  NATIVE("malloc, in use", "MiB", Units.MIB, 2, Footprint::nativeBytes),
  RESIDENT("resident memory", "MiB", Units.MIB, 8, Footprint::residentBytes),
  DESCRIPTORS("descriptors but for the links'", "", 1, 8, of -> of.descriptors() - of.sockets()),
  THREADS("threads", "", 1, 16, Footprint::threads);

  /** Fewer links take less. */
  private static final double NEARLY_ALL = 0.9;

  /** Of so few footprints one alone makes a trend. */
  private static final int FEW = 10;

  private interface Units {
    double MIB = 1 << 20;
  }

  private final String title;
  private final String unit;
  private final double perUnit;
  private final double bound;
  private final ToDoubleFunction<Footprint> value;

  Measure(
      String title, String unit, double perUnit, double bound, ToDoubleFunction<Footprint> value) {
    this.title = title;
    this.unit = unit;
    this.perUnit = perUnit;
    this.bound = bound;
    this.value = value;
  }

  public String title() {
    return title;
  }

  public String unit() {
    return unit;
  }

  /** Returns the value in the measure's unit. */
  public double of(Footprint footprint) {
    return value.applyAsDouble(footprint) / perUnit;
  }

  /** Returns the rise of the trend over the whole time, while nearly all links are open. */
  double rise(List<Footprint> footprints) {
    long most = footprints.stream().mapToLong(Footprint::links).max().orElse(0);
    List<Footprint> full =
        footprints.stream().filter(each -> each.links() >= most * NEARLY_ALL).toList();
    if (full.size() < FEW) {
      return 0;
    }
    double[] times = full.stream().mapToDouble(each -> each.atNs() / 1e9).toArray();
    return Trend.rise(times, full.stream().mapToDouble(this::of).toArray());
  }

  /** Tells whether the trend rises by no more than its bound. */
  public boolean isFlat(List<Footprint> footprints) {
    return rise(footprints) <= bound;
  }

  /** Returns the rise, the bound and the verdict, for people to read. */
  public String verdict(List<Footprint> footprints) {
    return String.format(
        Locale.ROOT,
        "%-35s %8.2f at the end, trend %+.2f, bound +%.0f %s: %s",
        title,
        of(footprints.get(footprints.size() - 1)),
        rise(footprints),
        bound,
        unit,
        isFlat(footprints) ? "flat" : "RISES");
  }
}
