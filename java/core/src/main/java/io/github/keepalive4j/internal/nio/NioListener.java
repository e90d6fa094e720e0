package io.github.keepalive4j.internal.nio;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.internal.Listener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** A listening {@link ServerSocketChannel}. */
final class NioListener implements Listener {
  private final ServerSocketChannel channel;
  private final KeepaliveOptions options;
  private SelectionKey key;

  NioListener(InetSocketAddress address, int backlog, KeepaliveOptions options) throws IOException {
    tryOptions(options);
    this.options = options;
    channel = ServerSocketChannel.open();
    boolean bound = false;
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      channel.bind(address, backlog);
      bound = true;
    } finally {
      if (!bound) {
        channel.close();
      }
    }
  }

  /** Throws if an option can't be set here, before any backup has connected. */
  private static void tryOptions(KeepaliveOptions options) throws IOException {
    try (SocketChannel trial = SocketChannel.open()) {
      NioOptions.apply(trial, options);
    }
  }

  /** Returns the channel to put into a selector. */
  ServerSocketChannel channel() {
    return channel;
  }

  /** Sets the key whose interest {@link #accept} restores once the queue is empty. */
  void registered(SelectionKey newKey) {
    key = newKey;
  }

  private void restoreInterest() {
    if (key.isValid()) { // else the selector is closed
      key.interestOps(SelectionKey.OP_ACCEPT);
    }
  }

  @Override
  public Accepted accept() throws IOException {
    SocketChannel accepted = channel.accept();
    if (accepted == null) {
      restoreInterest();
      return null;
    }
    boolean set = false;
    try {
      InetSocketAddress peer = (InetSocketAddress) accepted.getRemoteAddress();
      NioOptions.apply(accepted, options);
      set = true;
      return new Accepted(new NioLink(accepted), peer);
    } finally {
      if (!set) {
        accepted.close();
      }
    }
  }

  @Override
  public boolean refuseNew() {
    return false;
  }

  @Override
  public InetSocketAddress localAddress() throws IOException {
    return (InetSocketAddress) channel.getLocalAddress();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
