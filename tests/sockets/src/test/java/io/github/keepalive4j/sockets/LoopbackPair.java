package io.github.keepalive4j.sockets;

import io.github.keepalive4j.internal.sockets.Duplicate;
import io.github.keepalive4j.internal.sockets.SocketOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A client and its peer on loopback, with a port that no other test has. */
final class LoopbackPair implements AutoCloseable {
  final ServerSocket server;
  final Socket client;
  final Socket peer;

  private LoopbackPair(String address) throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getByName(address));
    client = new Socket(server.getInetAddress(), server.getLocalPort());
    peer = server.accept();
  }

  static LoopbackPair open() throws IOException {
    return new LoopbackPair("127.0.0.1");
  }

  static LoopbackPair open(String address) throws IOException {
    return new LoopbackPair(address);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Returns a rule's target: the client's peer alone. */
  String to() {
    String address = server.getInetAddress().getHostAddress();
    return "to=" + (address.contains(":") ? "[" + address + "]" : address) + ":" + port();
  }

  static SocketOptions optionsOf(Socket socket) throws IOException {
    try (Duplicate duplicate = Duplicate.find(socket)) {
      return duplicate.options();
    }
  }

  @Override
  public void close() throws IOException {
    client.close();
    peer.close();
    server.close();
  }
}
