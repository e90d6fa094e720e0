package io.github.keepalive4j.sockets;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * Accepts on some ports of several loopback addresses. A client says when it closes its socket, and
 * this measures how long the FIN takes from then on: both read the machine's monotonic clock. A
 * line on standard input asks for {@link ChurnReport}.
 */
final class ChurnServerProgram {
  static final int ADDRESSES = 8;
  static final int PORTS = 3;

  private static final int BACKLOG = 1_000;

  private final Selector selector = Selector.open();
  private final ByteBuffer read = ByteBuffer.allocate(2 * Long.BYTES);
  private volatile ChurnReport report = ChurnReport.NONE;

  private ChurnServerProgram() throws IOException {}

  public static void main(String[] arguments) throws IOException {
    ChurnServerProgram program = new ChurnServerProgram();
    StringBuilder ports = new StringBuilder();
    for (int i = 0; i < PORTS; i++) {
      ports.append(program.listen()).append(' ');
    }
    System.out.println(ports);
    new Thread(program::answer, "answers").start();
    program.serve();
  }

  static InetAddress address(int number) throws IOException {
    return InetAddress.getByName("127.77.0." + (number + 1));
  }

  /** Returns a port that it listens on at all addresses. */
  private int listen() throws IOException {
    int port = 0;
    for (int i = 0; i < ADDRESSES; i++) {
      ServerSocketChannel listener = ServerSocketChannel.open();
      listener.bind(new InetSocketAddress(address(i), port), BACKLOG);
      listener.configureBlocking(false);
      listener.register(selector, SelectionKey.OP_ACCEPT);
      port = listener.socket().getLocalPort();
    }
    return port;
  }

  private void answer() {
    BufferedReader questions =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    questions.lines().forEach(question -> System.out.println(report));
    System.exit(0);
  }

  private void serve() throws IOException {
    while (true) {
      selector.select(this::handle);
    }
  }

  private void handle(SelectionKey key) {
    try {
      if (key.isAcceptable()) {
        accept((ServerSocketChannel) key.channel());
      } else {
        read(key, (SocketChannel) key.channel());
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void accept(ServerSocketChannel listener) throws IOException {
    for (SocketChannel peer = listener.accept(); peer != null; peer = listener.accept()) {
      peer.configureBlocking(false);
      peer.register(selector, SelectionKey.OP_READ);
      report = report.withAccepted();
    }
  }

  /** The client's last word is when it closes the socket. */
  private void read(SelectionKey key, SocketChannel peer) throws IOException {
    read.clear();
    if (readOrReset(peer) > 0) {
      key.attach(read.getLong(0));
      return;
    }
    if (key.attachment() instanceof Long closedNs) {
      report = report.withEnded(System.nanoTime() - closedNs);
    } else {
      report = report.withReset();
    }
    peer.close();
  }

  private int readOrReset(SocketChannel peer) {
    try {
      return peer.read(read);
    } catch (IOException reset) {
      return -1;
    }
  }
}
