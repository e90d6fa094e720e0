package io.github.keepalive4j.sockets;

import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.internal.sockets.Duplicate;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.locks.LockSupport;

/**
 * A client on a lab's host {@code client}, and its peer on another host. Their buffers are small.
 */
final class LabPair implements AutoCloseable {
  private static final int BUFFER = 16 * 1024;
  private static final int PIECE = 1_000;

  private final Host from;
  private final Host host;
  private final ServerSocket server;
  final Socket client;
  final Socket peer;

  private LabPair(Host from, Host host, ServerSocket server) throws Exception {
    this.from = from;
    this.host = host;
    this.server = server;
    client = from.call(this::connect);
    peer = server.accept();
  }

  static LabPair open(Lab lab, String hostName) throws Exception {
    return open(lab, "client", hostName);
  }

  static LabPair open(Lab lab, String from, String hostName) throws Exception {
    Host host = lab.host(hostName);
    return new LabPair(lab.host(from), host, host.call(LabPair::listen));
  }

  private static ServerSocket listen() throws IOException {
    ServerSocket server = new ServerSocket();
    server.setReceiveBufferSize(BUFFER);
    server.bind(new InetSocketAddress(0));
    return server;
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.setSendBufferSize(BUFFER);
    socket.connect(new InetSocketAddress(host.ipv4(), port()));
    return socket;
  }

  /** Opens another connection to the same port. */
  LabPair another() throws Exception {
    return new LabPair(from, host, server);
  }

  int port() {
    return server.getLocalPort();
  }

  String to() {
    return "to=" + host.ipv4().getHostAddress() + ":" + port();
  }

  /** Begins to write. Returns when it ended, negative for an error. */
  Background<Long> write(int bytes) {
    return Background.start(
        () -> {
          try {
            OutputStream output = client.getOutputStream();
            output.write(new byte[bytes]);
            return System.nanoTime();
          } catch (IOException e) {
            return -System.nanoTime();
          }
        });
  }

  /** Writes until the peer has no room for more, and returns how many bytes. */
  int fill() throws IOException {
    int written = 0;
    while (info().notSentBytes() == 0) {
      client.getOutputStream().write(new byte[PIECE]);
      written += PIECE;
      while (info().unacked() > 0) {
        LockSupport.parkNanos(1_000_000);
      }
    }
    return written;
  }

  /** Begins to write small pieces, of which each costs the peer more memory than it has bytes. */
  Background<Long> writeSmall() throws IOException {
    peer.setReceiveBufferSize(1);
    return Background.start(
        () -> {
          try {
            OutputStream output = client.getOutputStream();
            while (true) {
              output.write(new byte[20]);
              LockSupport.parkNanos(200_000);
            }
          } catch (IOException e) {
            return -System.nanoTime();
          }
        });
  }

  int userTimeoutMs() throws IOException {
    try (Duplicate duplicate = Duplicate.find(client)) {
      return duplicate.options().userTimeoutMs();
    }
  }

  TcpInfo info() throws IOException {
    return TcpInfo.of(client);
  }

  @Override
  public void close() throws IOException {
    client.close();
    peer.close();
    server.close();
  }
}
