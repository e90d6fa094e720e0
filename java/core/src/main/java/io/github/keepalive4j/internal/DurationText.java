package io.github.keepalive4j.internal;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 3375ms}, {@code 30s}, {@code 2m}, {@code 1h}. */
public final class DurationText {
  /** The unit of the least duration that is written without a rest comes last. */
  private static final Map<String, ChronoUnit> UNITS = new LinkedHashMap<>();

  private static final Pattern FORM = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");

  static {
    UNITS.put("d", ChronoUnit.DAYS);
    UNITS.put("h", ChronoUnit.HOURS);
    UNITS.put("m", ChronoUnit.MINUTES);
    UNITS.put("s", ChronoUnit.SECONDS);
    UNITS.put("ms", ChronoUnit.MILLIS);
  }

  private DurationText() {}

  /** Returns what a text says, or empty if it is no duration. */
  public static Optional<Duration> parse(String text) {
    Matcher form = FORM.matcher(text);
    return form.matches()
        ? Optional.of(Duration.of(Long.parseLong(form.group(1)), UNITS.get(form.group(2))))
        : Optional.empty();
  }

  /** Returns a duration in the greatest unit that has no rest, else as ISO 8601 has it. */
  public static String of(Duration duration) {
    for (Map.Entry<String, ChronoUnit> unit : UNITS.entrySet()) {
      Duration one = unit.getValue().getDuration();
      long count = duration.dividedBy(one);
      if (count > 0 && one.multipliedBy(count).equals(duration)) {
        return count + unit.getKey();
      }
    }
    return duration.toString();
  }
}
