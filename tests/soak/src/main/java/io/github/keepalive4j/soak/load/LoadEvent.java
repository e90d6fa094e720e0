package io.github.keepalive4j.soak.load;

import io.github.keepalive4j.soak.program.BackupEvent;

/** What a load does with its links, in the words of a {@link BackupEvent}. */
public final class LoadEvent {
  /** A connect begins; the detail is the {@link LinkKind}. */
  public static final String OPENING = "opening";

  /** The monitor has taken the link. */
  public static final String WATCHED = "watched";

  public static final String UNWATCHING = "unwatching";

  /** The detail is what {@code unwatch} returned. */
  public static final String UNWATCHED = "unwatched";

  /** The kernel has ended the connection, or knows that its peer has; the detail is its state. */
  public static final String DEAD = "dead";

  public static final String CLOSING = "closing";

  /** Something was thrown that nobody expected; the detail is what. */
  public static final String ERROR = "error";

  /** The process stood still, from the one time to the other. */
  public static final String STALLED = "stalled";

  /** Stands for a link where it is about none. */
  public static final String NO_LINK = "-";

  private LoadEvent() {}
}
