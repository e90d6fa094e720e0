package io.github.keepalive4j.sockets.internal;

import io.github.keepalive4j.Transport;
import io.github.keepalive4j.sockets.SocketRules;
import io.github.keepalive4j.sockets.SocketSweeper;
import java.io.IOException;

/** What the agent calls by name, through its loader: the types are the JDK's. */
public final class AgentEntry {
  private AgentEntry() {}

  /** Throws if the rules can't be read. */
  public static void check(String rules) {
    SocketRules.parse(rules);
  }

  /**
   * Starts a sweeper, which the agent closes.
   *
   * @throws IOException also where the shim doesn't load, with the reason
   */
  public static AutoCloseable open(String rules) throws IOException {
    Throwable cause = Transport.NATIVE.unavailabilityCause().orElse(null);
    if (cause != null) {
      throw new IOException(cause.getMessage(), cause);
    }
    return SocketSweeper.builder().rules(SocketRules.parse(rules)).open();
  }
}
