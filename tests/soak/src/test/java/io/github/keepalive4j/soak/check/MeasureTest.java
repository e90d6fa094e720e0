package io.github.keepalive4j.soak.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.soak.load.Footprint;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A measure tells a steady rise from mere variation. */
class MeasureTest {
  private static final int SAMPLES = 40;
  private static final long MIB = 1L << 20;

  private final Random random = new Random(1);

  /** Makes one footprint per second, of links that come and go. */
  private List<Footprint> footprints(IntToDoubleFunction more) {
    return IntStream.range(0, SAMPLES).mapToObj(second -> footprint(second, more)).toList();
  }

  private Footprint footprint(int second, IntToDoubleFunction more) {
    return footprint(second, 950 + random.nextInt(50), more);
  }

  private Footprint footprint(int second, int links, IntToDoubleFunction more) {
    double extra = more.applyAsDouble(second);
    long bytes = (long) (20 * MIB + (extra + random.nextGaussian() / 10) * MIB);
    long count = 40 + Math.round(extra) + random.nextInt(4);
    return new Footprint(
        TimeUnit.SECONDS.toNanos(second), links, links, bytes, bytes, bytes, links + count, count);
  }

  @Test
  void aValueThatVariesIsFlat() {
    for (Measure measure : Measure.values()) {
      assertTrue(measure.isFlat(footprints(second -> 0)), measure::title);
    }
  }

  @Test
  void aValueThatFallsIsFlat() {
    for (Measure measure : Measure.values()) {
      assertTrue(measure.isFlat(footprints(second -> -second / 4.0)), measure::title);
    }
  }

  @Test
  void aFewOutliersMakeNoTrend() {
    for (Measure measure : Measure.values()) {
      assertTrue(
          measure.isFlat(footprints(second -> second > SAMPLES - 6 ? 300 : 0)), measure::title);
    }
  }

  @Test
  void aTimeWithFewLinksMakesNoTrend() {
    List<Footprint> failures =
        IntStream.range(0, SAMPLES)
            .mapToObj(
                second ->
                    second < SAMPLES / 2
                        ? footprint(second, 200, any -> -30)
                        : footprint(second, any -> 0))
            .toList();
    for (Measure measure : Measure.values()) {
      assertTrue(measure.isFlat(failures), measure::title);
    }
  }

  @Test
  void ofFewFootprintsOneMakesNoTrend() {
    for (Measure measure : Measure.values()) {
      List<Footprint> few = footprints(second -> second == 3 ? 300 : 0).subList(0, 4);
      assertTrue(measure.isFlat(few), measure::title);
    }
  }

  @Test
  void aSlowSteadyRiseIsFound() {
    for (Measure measure : Measure.values()) {
      assertFalse(measure.isFlat(footprints(second -> second / 2.0)), measure::title);
    }
  }

  @Test
  void theTrendIsTheRiseOverTheWholeTime() {
    double[] times = {0, 1, 2, 4};
    assertEquals(8, Trend.rise(times, new double[] {3, 5, 7, 11}), 1e-9);
    assertEquals(0, Trend.rise(new double[] {1}, new double[] {5}));
  }
}
