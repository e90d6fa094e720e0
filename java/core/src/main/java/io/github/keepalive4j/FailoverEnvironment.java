package io.github.keepalive4j;

import io.github.keepalive4j.internal.AddressText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/** A failure as environment variables, for the commands that fence a source or take over. */
public final class FailoverEnvironment {
  private FailoverEnvironment() {}

  /**
   * Returns the variables of a failure.
   *
   * @param failure the failure
   * @return {@code KEEPALIVE_PEER} (IPv6 in brackets), {@code KEEPALIVE_CAUSE}, {@code
   *     KEEPALIVE_ERRNO} (its name), {@code KEEPALIVE_LAST_HEARD_MS} (the silence before the
   *     verdict), {@code KEEPALIVE_LOCAL} (the name of the {@link LocalTrouble}, judged now) and,
   *     where there is a claim with one, {@code KEEPALIVE_TOKEN}; the others are empty where there
   *     is nothing to tell
   */
  public static Map<String, String> of(Failure failure) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("KEEPALIVE_PEER", AddressText.of(failure.peer()));
    environment.put("KEEPALIVE_CAUSE", failure.cause().name());
    environment.put("KEEPALIVE_ERRNO", failure.errnoName().orElse(""));
    environment.put("KEEPALIVE_LAST_HEARD_MS", text(failure.silenceMs()));
    environment.put("KEEPALIVE_LOCAL", failure.local().map(LocalTrouble::name).orElse(""));
    failure
        .claim()
        .map(Claim::token)
        .filter(OptionalLong::isPresent)
        .ifPresent(token -> environment.put("KEEPALIVE_TOKEN", text(token)));
    return environment;
  }

  private static String text(OptionalLong value) {
    return value.isPresent() ? Long.toString(value.getAsLong()) : "";
  }
}
