package io.github.keepalive4j.cli.sockets;

import java.time.Duration;
import java.util.Locale;

/** Durations in plain words, by their two largest units: {@code 2 h 11 min}, {@code 6.1 s}. */
final class TimeText {
  private TimeText() {}

  static String of(Duration time) {
    if (time.toDays() > 0) {
      return two(time.toDays(), "d", time.toHoursPart(), "h");
    }
    if (time.toHours() > 0) {
      return two(time.toHours(), "h", time.toMinutesPart(), "min");
    }
    if (time.toMinutes() > 0) {
      return two(time.toMinutes(), "min", time.toSecondsPart(), "s");
    }
    return belowAMinute(time);
  }

  private static String belowAMinute(Duration time) {
    long ms = time.toMillis();
    if (ms < 1_000) {
      return ms + " ms";
    }
    return ms < 10_000 && ms % 1_000 >= 100
        ? String.format(Locale.ROOT, "%d.%d s", ms / 1_000, ms % 1_000 / 100)
        : ms / 1_000 + " s";
  }

  private static String two(long large, String unit, int small, String smallUnit) {
    return large + " " + unit + (small == 0 ? "" : " " + small + " " + smallUnit);
  }
}
