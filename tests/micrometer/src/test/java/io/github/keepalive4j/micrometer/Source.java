package io.github.keepalive4j.micrometer;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Queue;

/** A source whose links end on command, the oldest first. */
final class Source implements AutoCloseable {
  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Queue<Socket> accepted = new ArrayDeque<>();

  Source() throws IOException {}

  KeepaliveSocket connect() throws IOException {
    InetSocketAddress address = (InetSocketAddress) listener.getLocalSocketAddress();
    KeepaliveSocket link = KeepaliveSocket.connect(address, KeepaliveOptions.defaults());
    accepted.add(listener.accept());
    return link;
  }

  String peer() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  void finish() throws IOException {
    accepted.remove().close();
  }

  void reset() throws IOException {
    Socket oldest = accepted.remove();
    oldest.setSoLinger(true, 0);
    oldest.close();
  }

  void send(char octet) throws IOException {
    accepted.element().getOutputStream().write(octet);
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : accepted) {
      socket.close();
    }
    listener.close();
  }
}
