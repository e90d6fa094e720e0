package io.github.keepalive4j.bench.subject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** The JDK's {@link Selector}: a thread selects, and a read shows whether the link is dead. */
final class SelectorSubject implements Subject {
  private final Selector selector = Selector.open();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(512); // on the thread only
  private final FailureSink sink;
  private final Thread thread = new Thread(this::run, "bench-selector");
  private volatile boolean closing;

  SelectorSubject(FailureSink sink) throws IOException {
    this.sink = sink;
    thread.start();
  }

  @Override
  public int watch(InetSocketAddress peer, int slot) throws IOException {
    SocketChannel channel = JdkLink.connect(peer);
    int port = JdkLink.localPort(channel);
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ, slot);
    selector.wakeup();
    return port;
  }

  private void run() {
    try {
      while (!closing) {
        selector.select(this::onReady);
      }
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void onReady(SelectionKey key) {
    SocketChannel channel = (SocketChannel) key.channel();
    try {
      buffer.clear();
      if (channel.read(buffer) >= 0) {
        return;
      }
      sink.failed((Integer) key.attachment());
    } catch (IOException e) {
      sink.failed((Integer) key.attachment());
    }
    close(channel);
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    closing = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
