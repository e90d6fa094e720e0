package io.github.keepalive4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A source whose links fail on command, and what the backup hears of it, in order. */
final class GuardScene implements AutoCloseable, FailoverCallback, LinkListener {
  private final ServerSocket source = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Queue<Socket> accepted = new ArrayDeque<>();
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private volatile Failure claimed;

  GuardScene() throws IOException {}

  KeepaliveSocket connect() throws IOException {
    InetSocketAddress address = (InetSocketAddress) source.getLocalSocketAddress();
    KeepaliveSocket link = KeepaliveSocket.connect(address, KeepaliveOptions.defaults());
    accepted.add(source.accept());
    return link;
  }

  /** Closes the oldest link at the source. */
  void fail() throws IOException {
    accepted.remove().close();
  }

  void add(String what) {
    heard.add(what);
  }

  /** Asserts what comes next. */
  void expect(String what) throws InterruptedException {
    assertEquals(what, next());
  }

  String next() throws InterruptedException {
    String next = heard.poll(10, TimeUnit.SECONDS);
    assertNotNull(next, "nothing heard");
    return next;
  }

  /** Asserts that nothing has come that was not expected. */
  void expectNothing() {
    assertEquals(List.of(), List.copyOf(heard));
  }

  /** The failure of the callback. */
  Failure claimed() {
    return claimed;
  }

  @Override
  public void onFailover(Failure failure) {
    claimed = failure;
    add("callback");
  }

  @Override
  public void onClaimLost(Failure failure, String reason) {
    add("lost: " + reason);
  }

  @Override
  public void onDeclined(Failure failure, String reason) {
    add("declined: " + reason);
  }

  @Override
  public void onFailed(Failure failure) {
    add("failed");
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : accepted) {
      socket.close();
    }
    source.close();
  }
}
