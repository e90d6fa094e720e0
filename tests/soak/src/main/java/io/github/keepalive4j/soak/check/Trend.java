package io.github.keepalive4j.soak.check;

import java.util.Arrays;

/**
 * The trend of a series: the median of the slopes between all pairs of points (Theil-Sen). Single
 * outliers do not change it.
 */
final class Trend {
  private Trend() {}

  /**
   * Returns the rise of the trend over the whole time.
   *
   * @param times in rising order
   */
  static double rise(double[] times, double[] values) {
    int points = times.length;
    if (points < 2) {
      return 0;
    }
    double[] slopes = new double[points * (points - 1) / 2];
    int slope = 0;
    for (int i = 0; i < points; i++) {
      for (int j = i + 1; j < points; j++) {
        slopes[slope++] = (values[j] - values[i]) / (times[j] - times[i]);
      }
    }
    Arrays.sort(slopes);
    double median = (slopes[(slopes.length - 1) / 2] + slopes[slopes.length / 2]) / 2;
    return median * (times[points - 1] - times[0]);
  }
}
