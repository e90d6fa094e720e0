package io.github.keepalive4j.internal;

import io.github.keepalive4j.KeepaliveOptions;
import java.time.Duration;

/** Options as a text, for people. */
public final class OptionsText {
  private OptionsText() {}

  /** Returns the options that are set, with their units. */
  public static String of(KeepaliveOptions options) {
    StringBuilder text = new StringBuilder("KeepaliveOptions[idle=");
    text.append(options.idle().toSeconds()).append('s');
    text.append(", interval=").append(options.interval().toSeconds()).append('s');
    text.append(", count=").append(options.count());
    options
        .userTimeout()
        .ifPresent(value -> text.append(", userTimeout=").append(value.toMillis()).append("ms"));
    options.synCount().ifPresent(value -> text.append(", synCount=").append(value));
    flag(text, "noDelay", options.noDelay());
    options.device().ifPresent(value -> text.append(", device=").append(value));
    options.sourceAddress().ifPresent(value -> text.append(", sourceAddress=").append(value));
    options.mark().ifPresent(value -> text.append(", mark=").append(value));
    options.md5Key().ifPresent(value -> text.append(", md5Key=").append(value));
    flag(text, "singleHop", options.singleHop());
    options.rtoMin().ifPresent(value -> micros(text, "rtoMin", value));
    options.probeInterval().ifPresent(value -> micros(text, "probeInterval", value));
    options.probeDeadline().ifPresent(value -> micros(text, "probeDeadline", value));
    if (options.probeInterval().isPresent()) {
      text.append(", liveness=").append(options.liveness());
    }
    options.suspectAfter().ifPresent(value -> text.append(", suspectAfter=").append(value));
    flag(text, "failWithoutCarrier", options.failWithoutCarrier());
    return text.append(']').toString();
  }

  private static void flag(StringBuilder text, String name, boolean value) {
    if (value) {
      text.append(", ").append(name).append("=true");
    }
  }

  private static void micros(StringBuilder text, String name, Duration value) {
    text.append(", ").append(name).append('=').append(value.toNanos() / 1_000).append("us");
  }
}
