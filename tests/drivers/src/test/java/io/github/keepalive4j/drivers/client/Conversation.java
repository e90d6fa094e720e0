package io.github.keepalive4j.drivers.client;

/** A connection of its own to a server, as a user of the driver has it. */
interface Conversation {
  /** Asks what the server answers at once, and waits for the answer. */
  void ask() throws Exception;

  /** Asks what the server doesn't answer, and waits. */
  void askInVain() throws Exception;

  /** Asks when the server's host is gone. */
  default void send() throws Exception {
    ask();
  }
}
