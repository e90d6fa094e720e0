package io.github.keepalive4j.zookeeper;

import java.util.List;

/**
 * The time in which a claim was valid according to the journals: from its grant until it was lost,
 * released or superseded, or its holder was killed, whichever came first.
 */
record HistoryClaim(
    String instance,
    long watch,
    String resource,
    long token,
    long supersedes,
    long fromNs,
    long endNs) {
  static HistoryClaim of(HistoryEvent grant, List<HistoryEvent> all) {
    long token = grant.token().orElseThrow();
    String resource = grant.text("resource");
    long endNs = Long.MAX_VALUE;
    for (HistoryEvent event : all) {
      if (event.text("resource").equals(resource)) {
        endNs = Math.min(endNs, endBy(event, token));
      }
    }
    return new HistoryClaim(
        grant.instance(),
        grant.watch(),
        resource,
        token,
        grant.number("supersedes").orElse(-1),
        grant.atNs(),
        endNs);
  }

  private static long endBy(HistoryEvent event, long token) {
    boolean own = event.token().isPresent() && event.token().getAsLong() == token;
    if (own && event.is("claim-lost")) {
      return event.number("validUntilNs").orElseThrow();
    }
    boolean superseded = event.is("granted") && event.number("supersedes").orElse(-1) == token;
    boolean ended = own && (event.is("claim-released") || event.is("holder-killed"));
    return superseded || ended ? event.atNs() : Long.MAX_VALUE;
  }

  boolean overlaps(HistoryClaim other) {
    return resource.equals(other.resource) && fromNs < other.endNs && other.fromNs < endNs;
  }
}
