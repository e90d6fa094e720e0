package io.github.keepalive4j.bench.measure;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

final class SamplesTest {
  @Test
  void percentilesAreSamples() {
    Samples samples = new Samples(1);
    for (long value : new long[] {40, 10, 30, 20}) {
      samples.add(value);
    }
    assertEquals(10, samples.percentile(0));
    assertEquals(20, samples.median());
    assertEquals(40, samples.percentile(99));
    assertEquals(40, samples.percentile(100));
    assertArrayEquals(new long[] {40, 10, 30, 20}, samples.toArray());
  }

  @Test
  void noSamplesHaveNoPercentile() {
    assertThrows(IllegalStateException.class, () -> new Samples(5).median());
  }

  @Test
  void takesDifferencesTurnByTurn() {
    Samples one = new Samples(2);
    Samples other = new Samples(2);
    one.add(5);
    one.add(1);
    other.add(2);
    other.add(4);
    assertArrayEquals(new long[] {3, -3}, one.minus(other).toArray());
  }
}
