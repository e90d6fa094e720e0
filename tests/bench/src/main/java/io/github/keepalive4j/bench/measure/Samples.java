package io.github.keepalive4j.bench.measure;

import java.util.Arrays;

/** Every sample of a measurement. */
public final class Samples {
  private long[] values;
  private int count;

  public Samples(int expected) {
    values = new long[Math.max(1, expected)];
  }

  public void add(long value) {
    if (count == values.length) {
      values = Arrays.copyOf(values, count * 2);
    }
    values[count++] = value;
  }

  /** Adds all samples of another measurement. */
  public void add(Samples others) {
    for (int i = 0; i < others.count; i++) {
      add(others.values[i]);
    }
  }

  public int count() {
    return count;
  }

  /** Returns the samples in the order in which they were taken. */
  public long[] toArray() {
    return Arrays.copyOf(values, count);
  }

  public long[] sorted() {
    long[] sorted = toArray();
    Arrays.sort(sorted);
    return sorted;
  }

  /** Returns the smallest sample that {@code percent} of all don't exceed (nearest rank). */
  public long percentile(double percent) {
    if (count == 0) {
      throw new IllegalStateException("no samples");
    }
    int rank = (int) Math.ceil(percent / 100 * count);
    return sorted()[Math.max(1, rank) - 1];
  }

  public long median() {
    return percentile(50);
  }

  /** Returns how much each sample exceeds the other's of the same turn. */
  public Samples minus(Samples other) {
    Samples differences = new Samples(count);
    for (int i = 0; i < count; i++) {
      differences.add(values[i] - other.values[i]);
    }
    return differences;
  }
}
