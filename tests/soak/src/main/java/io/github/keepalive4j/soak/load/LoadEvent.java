package io.github.keepalive4j.soak.load;

import io.github.keepalive4j.soak.program.BackupEvent;

/** The events of a load's links, besides those of {@link BackupEvent}. */
public final class LoadEvent {
  /** A connect begins; the detail is the {@link LinkKind}. */
  public static final String OPENING = "opening";

  /** The monitor watches the link. */
  public static final String WATCHED = "watched";

  public static final String UNWATCHING = "unwatching";

  /** The detail is what {@code unwatch} returned. */
  public static final String UNWATCHED = "unwatched";

  /** The kernel no longer has the connection as established; the detail is its TCP state. */
  public static final String DEAD = "dead";

  public static final String CLOSING = "closing";

  /** An unexpected exception was thrown, which is the detail. */
  public static final String ERROR = "error";

  /** The process did not run between the two times. */
  public static final String STALLED = "stalled";

  /** Stands for the link's name in an event that concerns no link. */
  public static final String NO_LINK = "-";

  private LoadEvent() {}
}
