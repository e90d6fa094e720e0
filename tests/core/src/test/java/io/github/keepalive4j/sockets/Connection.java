package io.github.keepalive4j.sockets;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import jdk.net.ExtendedSocketOptions;

/** Both ends of a connection that the JDK has made. */
record Connection(Socket client, Socket server) implements AutoCloseable {
  static Connection open() throws IOException {
    return open(InetAddress.getLoopbackAddress());
  }

  static Connection open(InetAddress address) throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 50, address)) {
      Socket client = new Socket(address, listener.getLocalPort());
      return new Connection(client, listener.accept());
    }
  }

  /** The kernel's default of the idle time shows that nobody has touched a socket. */
  static int idleSeconds(Socket socket) throws IOException {
    return socket.getOption(ExtendedSocketOptions.TCP_KEEPIDLE);
  }

  static boolean isKeptAlive(Socket socket) throws IOException {
    return socket.getOption(StandardSocketOptions.SO_KEEPALIVE);
  }

  InetSocketAddress local() {
    return (InetSocketAddress) client.getLocalSocketAddress();
  }

  InetSocketAddress remote() {
    return (InetSocketAddress) client.getRemoteSocketAddress();
  }

  /** Ends the connection from the server's end. Leaves no TIME_WAIT. */
  void reset() throws IOException {
    if (!server.isClosed()) {
      server.setSoLinger(true, 0);
      server.close();
    }
  }

  @Override
  public void close() throws IOException {
    reset();
    client.close();
  }
}
