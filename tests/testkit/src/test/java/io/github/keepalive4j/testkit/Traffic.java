package io.github.keepalive4j.testkit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** Packets and connections between hosts, as evidence of what a fault does. */
final class Traffic {
  private static final int ARRIVAL_MS = 5_000;
  private static final int SILENCE_MS = 100;

  private Traffic() {}

  static void assertPasses(Host from, Host to) throws Exception {
    assertTrue(arrives(from, to, to.ipv4(), ARRIVAL_MS), () -> from + " to " + to + " by IPv4");
    assertTrue(arrives(from, to, to.ipv6(), ARRIVAL_MS), () -> from + " to " + to + " by IPv6");
  }

  static void assertPassesBothWays(Host one, Host other) throws Exception {
    assertPasses(one, other);
    assertPasses(other, one);
  }

  static void assertLost(Host from, Host to) throws Exception {
    assertFalse(arrives(from, to, to.ipv4(), SILENCE_MS), () -> from + " to " + to + " by IPv4");
    assertFalse(arrives(from, to, to.ipv6(), SILENCE_MS), () -> from + " to " + to + " by IPv6");
  }

  static void assertLostBothWays(Host one, Host other) throws Exception {
    assertLost(one, other);
    assertLost(other, one);
  }

  /** Sends datagrams and returns how many of them arrived. */
  static int arrivals(Host from, Host to, int datagrams) throws Exception {
    int arrived = 0;
    try (DatagramSocket receiver = to.call(() -> new DatagramSocket(0));
        DatagramSocket sender = from.call(() -> new DatagramSocket())) {
      for (int sent = 0; sent < datagrams; sent++) {
        sender.send(datagram(to.ipv4(), receiver));
      }
      receiver.setSoTimeout(SILENCE_MS);
      while (receives(receiver)) {
        arrived++;
      }
    }
    return arrived;
  }

  /** Connects to a host's port and closes the connection. */
  static void connect(Host from, InetSocketAddress to) throws Exception {
    try (Socket socket = from.call(() -> new Socket())) {
      from.call(
          () -> {
            socket.connect(to, ARRIVAL_MS);
            return null;
          });
    }
  }

  /** A connection between two hosts. */
  record Connection(Socket client, Socket server) implements AutoCloseable {
    static Connection open(Host from, Host to, InetAddress address) throws Exception {
      try (ServerSocket listener = to.call(() -> new ServerSocket(0))) {
        Socket client = from.call(() -> new Socket(address, listener.getLocalPort()));
        return new Connection(client, listener.accept());
      }
    }

    @Override
    public void close() throws IOException {
      client.close();
      server.close();
    }
  }

  private static boolean arrives(Host from, Host to, InetAddress address, int timeoutMs)
      throws Exception {
    try (DatagramSocket receiver = to.call(() -> new DatagramSocket(0));
        DatagramSocket sender = from.call(() -> new DatagramSocket())) {
      receiver.setSoTimeout(timeoutMs);
      try {
        sender.send(datagram(address, receiver));
      } catch (IOException unreachable) {
        return false;
      }
      return receives(receiver);
    }
  }

  private static DatagramPacket datagram(InetAddress address, DatagramSocket receiver) {
    return new DatagramPacket(new byte[] {1}, 1, address, receiver.getLocalPort());
  }

  private static boolean receives(DatagramSocket receiver) throws IOException {
    try {
      receiver.receive(new DatagramPacket(new byte[1], 1));
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }
}
