package io.github.keepalive4j;

import io.github.keepalive4j.internal.Link;

/** The transport's half of a link, which the API does not show. */
public final class TransportLink {
  private TransportLink() {}

  /** Returns the half of a link that the transport keeps. */
  public static Link of(KeepaliveSocket link) {
    return link.link();
  }

  /** Tells whether the link's verdict is known, though its callback may not have begun. */
  public static boolean hasVerdict(KeepaliveSocket link) {
    return link.verdictEvent() != null;
  }
}
