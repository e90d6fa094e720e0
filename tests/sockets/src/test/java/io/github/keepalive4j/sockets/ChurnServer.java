package io.github.keepalive4j.sockets;

import io.github.keepalive4j.support.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Accepts on two ports of several loopback addresses, one for which there is a rule and one for
 * which there is none, and notes how long each FIN takes.
 */
final class ChurnServer implements AutoCloseable {
  private static final int BACKLOG = 1_000;
  private static final Duration ALL_ENDED = Duration.ofSeconds(30);

  private final Selector selector = Selector.open();
  private final Thread thread = new Thread(this::run, "churn-server");
  private final List<ServerSocketChannel> listeners = new ArrayList<>();
  private final Map<SocketAddress, Long> closing = new ConcurrentHashMap<>();
  private final AtomicLong slowestFinNs = new AtomicLong();
  private int governedPort;
  private int otherPort;
  private volatile boolean closed;

  private ChurnServer() throws IOException {}

  static ChurnServer open(int addresses) throws IOException {
    ChurnServer server = new ChurnServer();
    for (int i = 0; i < addresses; i++) {
      server.governedPort = server.listen(i, server.governedPort);
      server.otherPort = server.listen(i, server.otherPort);
    }
    server.thread.setDaemon(true);
    server.thread.start();
    return server;
  }

  private static InetAddress address(int number) throws IOException {
    return InetAddress.getByName("127.77.0." + (number + 1));
  }

  private int listen(int number, int port) throws IOException {
    ServerSocketChannel listener = ServerSocketChannel.open();
    listeners.add(listener);
    listener.bind(new InetSocketAddress(address(number), port), BACKLOG);
    listener.configureBlocking(false);
    listener.register(selector, SelectionKey.OP_ACCEPT);
    return listener.socket().getLocalPort();
  }

  int governedPort() {
    return governedPort;
  }

  /** Connects to one of the addresses. */
  Socket connect(int number, boolean governed) throws IOException {
    return new Socket(address(number), governed ? governedPort : otherPort);
  }

  /** A client closes a socket next. */
  void closing(Socket socket) {
    closing.put(socket.getLocalSocketAddress(), System.nanoTime());
  }

  long slowestFinNs() {
    return slowestFinNs.get();
  }

  void awaitAllEnded() throws Exception {
    Eventually.await("the last FIN", ALL_ENDED, closing::isEmpty);
  }

  private void run() {
    try {
      while (!closed) {
        selector.select();
        for (SelectionKey key : selector.selectedKeys()) {
          handle(key);
        }
        selector.selectedKeys().clear();
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void handle(SelectionKey key) throws IOException {
    if (key.isValid() && key.isAcceptable()) {
      SocketChannel peer = ((ServerSocketChannel) key.channel()).accept();
      if (peer != null) {
        peer.configureBlocking(false);
        peer.register(selector, SelectionKey.OP_READ);
      }
    } else if (key.isValid() && key.isReadable()) {
      SocketChannel peer = (SocketChannel) key.channel();
      if (peer.read(ByteBuffer.allocate(1)) < 0) {
        noteFin(peer.getRemoteAddress());
        peer.close();
      }
    }
  }

  private void noteFin(SocketAddress client) {
    Long closedNs = closing.remove(client);
    if (closedNs != null) {
      slowestFinNs.accumulateAndGet(System.nanoTime() - closedNs, Math::max);
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (ServerSocketChannel listener : listeners) {
      listener.close();
    }
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }
}
