package io.github.keepalive4j.zookeeper;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * Whether a guard could take over now. Immutable.
 *
 * @param token the token of the claim that a takeover would replace; empty before the first claim
 *     on the source, and unless armed
 * @param text what a takeover would replace, or why none is possible, for people to read
 */
public record Arming(State state, OptionalLong token, String text) {
  static final Arming IDLE = new Arming(State.IDLE, OptionalLong.empty(), "no link is watched");

  /** Takes three values, none of which may be null. */
  public Arming {
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(token, "token");
    Objects.requireNonNull(text, "text");
  }

  /** Whether a guard could take over. */
  public enum State {
    /** No link is watched. */
    IDLE,
    /** The guard knows which claim it may replace, and the ensemble lets it. */
    ARMED,
    /** A failover now would be declined. */
    NOT_ARMED
  }

  static Arming armed(ClaimRecord record, String path) {
    return record.namesHolder()
        ? new Arming(
            State.ARMED, OptionalLong.of(record.token()), "may replace " + record.describe())
        : new Arming(State.ARMED, OptionalLong.empty(), "nobody has claimed " + path + " yet");
  }

  static Arming not(String reason) {
    return new Arming(State.NOT_ARMED, OptionalLong.empty(), reason);
  }
}
