package io.github.keepalive4j.zookeeper;

/** What the node of a claim says of its holder. */
enum ClaimState {
  /** The holder may act on the claim. */
  HELD,
  /** The holder knows that it is superseded, and stops. */
  STOPPING,
  /** The holder has stopped, or its session has ended. */
  ENDED
}
