package io.github.keepalive4j.drivers.client;

/** What a connection does while its server's host dies. */
public enum State {
  /** It waits for an answer, and nothing is in flight. */
  WAITING,
  /** It sends what nobody acknowledges any more. */
  SENDING
}
