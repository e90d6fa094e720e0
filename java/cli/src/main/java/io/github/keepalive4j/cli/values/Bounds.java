package io.github.keepalive4j.cli.values;

import io.github.keepalive4j.internal.DurationText;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The ranges of options. Every message about a bad value names the range. */
public final class Bounds {
  private Bounds() {}

  /** The range of the kernel's keepalive timers. */
  public static final class WholeSeconds implements ITypeConverter<Duration> {
    private static final long MAX = 32_767;

    @Override
    public Duration convert(String text) {
      return DurationText.parse(text)
          .filter(value -> value.toMillisPart() == 0)
          .filter(value -> isWithin(value.toSeconds(), 1, MAX))
          .orElseThrow(() -> refusal(text, "whole seconds from 1s to " + MAX + "s"));
    }
  }

  /** How long the command itself waits. */
  public static final class Timeout implements ITypeConverter<Duration> {
    private static final long MAX_MS = Integer.MAX_VALUE;

    @Override
    public Duration convert(String text) {
      return time(text, MAX_MS);
    }
  }

  /** How long a takeover, or the attempts to avoid one, may take. */
  public static final class TakeoverLimit implements ITypeConverter<Duration> {
    private static final long MAX_MS = Duration.ofDays(1).toMillis();

    @Override
    public Duration convert(String text) {
      return time(text, MAX_MS);
    }
  }

  /**
   * How long a guard may take, of which there may be several within the monitor's bound of a day.
   */
  public static final class ClaimLimit implements ITypeConverter<Duration> {
    private static final long MAX_MS = Duration.ofHours(1).toMillis();

    @Override
    public Duration convert(String text) {
      return time(text, MAX_MS);
    }
  }

  /** How long a command waits at its start. */
  public static final class Wait implements ITypeConverter<Duration> {
    /** What {@code forever} stands for. */
    public static final Duration FOREVER = Duration.ofDays(36_500);

    private static final long MAX_MS = Duration.ofDays(1).toMillis();

    @Override
    public Duration convert(String text) {
      return text.equals("forever") ? FOREVER : time(text, MAX_MS, ", or forever");
    }
  }

  /** How long a source waits for a silent backup. */
  public static final class Patience implements ITypeConverter<Duration> {
    private static final long MIN_S = 3;
    private static final long MAX_S = Duration.ofDays(1).toSeconds();

    @Override
    public Duration convert(String text) {
      return DurationText.parse(text)
          .filter(value -> isWithin(value.toMillis(), 1_000 * MIN_S, 1_000 * MAX_S))
          .orElseThrow(() -> refusal(text, "a time from " + MIN_S + "s to " + MAX_S + "s"));
    }
  }

  /** How many probes may go unanswered. */
  public static final class Count implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      return whole(text, 1, 127);
    }
  }

  /** A real-time priority of sched(7). */
  public static final class Priority implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      return whole(text, 1, 99);
    }
  }

  /** How often something is tried again. */
  public static final class Retries implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      return whole(text, 0, 100);
    }
  }

  /** How many connections there may be. */
  public static final class Connections implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      return whole(text, 1, Integer.MAX_VALUE);
    }
  }

  /** A process's number, as large as the kernel makes them. */
  public static final class ProcessNumber implements ITypeConverter<Integer> {
    private static final int MAX = 1 << 22; // PID_MAX_LIMIT

    @Override
    public Integer convert(String text) {
      return whole(text, 1, MAX);
    }
  }

  /** Where to listen; 0 lets the kernel choose. */
  public static final class ListeningPort implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      return whole(text, 0, 65_535);
    }
  }

  private static Duration time(String text, long maxMs) {
    return time(text, maxMs, "");
  }

  private static Duration time(String text, long maxMs, String alternative) {
    return DurationText.parse(text)
        .filter(value -> isWithin(value.toMillis(), 1, maxMs))
        .orElseThrow(() -> refusal(text, "a time from 1ms to " + maxMs + "ms" + alternative));
  }

  private static int whole(String text, int min, int max) {
    return Optional.of(text)
        .filter(digits -> digits.matches("\\d{1,10}"))
        .map(Long::valueOf)
        .filter(value -> isWithin(value, min, max))
        .map(Long::intValue)
        .orElseThrow(() -> refusal(text, "a number from " + min + " to " + max));
  }

  private static boolean isWithin(long value, long min, long max) {
    return value >= min && value <= max;
  }

  private static TypeConversionException refusal(String text, String wanted) {
    return new TypeConversionException("'" + text + "' is not " + wanted);
  }
}
