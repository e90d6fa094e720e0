package io.github.keepalive4j;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A source that does what a test tells it: no more than a listening socket. */
final class RawSource implements AutoCloseable {
  private final ServerSocket listener;

  private RawSource(ServerSocket listener) throws IOException {
    this.listener = listener;
    listener.setSoTimeout((int) Eventually.DEADLINE.toMillis());
  }

  static RawSource open() throws IOException {
    return open("127.0.0.1");
  }

  static RawSource open(String address) throws IOException {
    return new RawSource(new ServerSocket(0, 1024, InetAddress.getByName(address)));
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  /** Connects a link to this source. */
  Pair connect() throws IOException {
    return connect(KeepaliveOptions.defaults());
  }

  /** One at a time, for the next to be accepted must be the one that connected. */
  synchronized Pair connect(KeepaliveOptions options) throws IOException {
    KeepaliveSocket link = KeepaliveSocket.connect(address(), options);
    return new Pair(link, listener.accept());
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  /** Both ends of a connection. */
  record Pair(KeepaliveSocket link, Socket source) implements AutoCloseable {
    void finish() throws IOException {
      source.close();
    }

    void reset() throws IOException {
      source.setSoLinger(true, 0);
      source.close();
    }

    void send(char octet) throws IOException {
      source.getOutputStream().write(octet);
    }

    @Override
    public void close() throws IOException {
      link.close();
      source.close();
    }
  }
}
