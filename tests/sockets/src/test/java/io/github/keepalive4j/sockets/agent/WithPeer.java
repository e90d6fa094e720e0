package io.github.keepalive4j.sockets.agent;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test of programs that connect to a peer on this host, which is set by the agent's rules. */
abstract class WithPeer {
  static final Duration BUDGET = Duration.ofSeconds(12);

  /** The rules with that budget. */
  static final String RULES = "within=12s";

  private ServerSocket server;
  int port; // where the peer listens

  @BeforeEach
  final void listen() throws Exception {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    port = server.getLocalPort();
  }

  @AfterEach
  final void close() throws Exception {
    server.close();
  }

  /** Has a program connect, and waits until its connection has the budget's options. */
  final void requireGoverned(AgentJvm jvm) throws Exception {
    jvm.ask("connect " + port);
    jvm.awaitBudget(port, BUDGET);
  }
}
