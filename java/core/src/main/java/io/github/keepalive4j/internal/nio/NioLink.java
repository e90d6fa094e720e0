package io.github.keepalive4j.internal.nio;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.LocalTrouble;
import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.internal.ConnectFailure;
import io.github.keepalive4j.internal.EffectiveOptions;
import io.github.keepalive4j.internal.Errno;
import io.github.keepalive4j.internal.JdkRoute;
import io.github.keepalive4j.internal.Link;
import io.github.keepalive4j.internal.LinkEvent;
import io.github.keepalive4j.internal.Role;
import io.github.keepalive4j.internal.WatchSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** A link on a {@link SocketChannel}. */
final class NioLink implements Link {
  private static final int READ_SIZE = 512;

  private SocketChannel channel; // guarded by this; null until the socket is made
  private Selector waiting; // guarded by this; a thread waits on it; null if none
  private Set<Selector> watchers = Set.of(); // guarded by this; of the pollers that had the link
  private boolean closed; // guarded by this
  private boolean flooding; // on the judging thread only
  private final Object judging = new Object();
  private LinkEvent end; // guarded by judging; the final event, which the kernel won't repeat

  private volatile InetSocketAddress addressAtClose; // null unless closed after a failure

  NioLink() {}

  NioLink(SocketChannel channel) {
    this.channel = channel;
  }

  @Override
  public void connect(InetSocketAddress peer, KeepaliveOptions options, int timeoutMs)
      throws IOException {
    SocketChannel made = SocketChannel.open();
    boolean connected = false;
    try {
      setUp(made, peer, options);
      adopt(made);
      connect(made, peer, timeoutMs);
      connected = true;
    } finally {
      if (!connected) {
        made.close();
      }
    }
  }

  private static void setUp(SocketChannel made, InetSocketAddress peer, KeepaliveOptions options)
      throws IOException {
    try {
      NioOptions.apply(made, options);
    } catch (SocketException e) {
      throw ConnectFailure.ofSetUp(peer, e);
    }
  }

  private void connect(SocketChannel made, InetSocketAddress peer, int timeoutMs)
      throws IOException {
    try {
      if (!made.connect(peer)) {
        if (!select(SelectionKey.OP_CONNECT, timeoutMs)) {
          throw ConnectFailure.of(peer, timeoutMs, Errno.ETIME.number(), null);
        }
        made.finishConnect();
      }
    } catch (SocketException e) {
      throw ConnectFailure.of(peer, timeoutMs, e);
    }
  }

  private synchronized void adopt(SocketChannel made) throws ClosedChannelException {
    if (closed) {
      throw new ClosedChannelException();
    }
    channel = made;
  }

  /** Returns the link's channel. */
  synchronized SocketChannel channel() {
    if (channel == null) {
      throw new NotYetConnectedException();
    }
    return channel;
  }

  /** Adds a selector to wake after a close: until then it keeps the channel's descriptor. */
  synchronized void watchedWith(Selector selector) {
    if (!watchers.contains(selector)) {
      Set<Selector> more = new HashSet<>(watchers);
      more.add(selector);
      watchers = more;
    }
  }

  @Override
  public EffectiveOptions effectiveOptions() throws IOException {
    return new EffectiveOptions(NioOptions.effective(channel()), Optional.empty());
  }

  @Override
  public TcpInfo tcpInfo() {
    throw new UnsupportedOperationException("the JDK gives no TCP_INFO; use the native transport");
  }

  @Override
  public int fd() {
    throw new UnsupportedOperationException(
        "the JDK hides the descriptor; use the native transport");
  }

  @Override
  public InetSocketAddress localAddress() throws IOException {
    return (InetSocketAddress) channel().getLocalAddress();
  }

  @Override
  public void captureRoute() {
    addressAtClose = lastAddress();
  }

  @Override
  public Optional<LocalTrouble> localTrouble(InetSocketAddress peer) {
    InetSocketAddress address = lastAddress();
    return address == null ? Optional.empty() : JdkRoute.check(address, peer);
  }

  private InetSocketAddress lastAddress() {
    try {
      return localAddress();
    } catch (IOException | NotYetConnectedException e) {
      return addressAtClose;
    }
  }

  @Override
  public void handshake(int timeoutMs) {
    throw new UnsupportedOperationException("probes are refused when the link is made");
  }

  @Override
  public LinkEvent await(int timeoutMs, WatchSettings settings) throws IOException {
    long deadlineNs = System.nanoTime() + Duration.ofMillis(timeoutMs).toNanos();
    LinkEvent event;
    do {
      int leftMs = (int) Math.max(0, (deadlineNs - System.nanoTime() + 999_999) / 1_000_000);
      event = select(SelectionKey.OP_READ, leftMs) ? classify() : null;
    } while (event == null
        && !Thread.currentThread().isInterrupted() // an interrupted thread can't wait on a selector
        && System.nanoTime() < deadlineNs);
    return event;
  }

  /** Waits on a selector of its own; tells whether the channel is ready. */
  private boolean select(int operation, int timeoutMs) throws IOException {
    try (Selector selector = Selector.open()) {
      announce(selector);
      channel().register(selector, operation);
      return (timeoutMs == 0 ? selector.selectNow() : selector.select(timeoutMs)) > 0;
    } finally {
      announce(null);
    }
  }

  private synchronized void announce(Selector selector) throws ClosedChannelException {
    if (closed && selector != null) {
      throw new ClosedChannelException();
    }
    waiting = selector;
  }

  @Override
  public LinkEvent classify() throws IOException {
    return judge(Role.BACKUP);
  }

  /** Returns the lock under which the link is judged. */
  Object judging() {
    return judging;
  }

  /** Returns the final event once there is one, else null. The caller holds the lock. */
  LinkEvent end() {
    return end;
  }

  /** Reads a readable channel and judges the link; returns null if nothing happened. */
  LinkEvent judge(Role role) throws ClosedChannelException {
    synchronized (judging) {
      LinkEvent event = end == null ? read(role) : end;
      if (event != null && event.type().isFinal()) {
        end = event;
      }
      return event;
    }
  }

  private LinkEvent read(Role role) throws ClosedChannelException {
    ByteBuffer bytes = ByteBuffer.allocate(READ_SIZE);
    try {
      int count = channel().read(bytes);
      flooding = count == READ_SIZE;
      return count < 0 ? NioFailure.endOfStream() : Protocol.read(role, bytes.flip());
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException e) {
      return NioFailure.of(e);
    }
  }

  /** Tells whether the last {@link #judge} found more than a well-behaved peer sends. */
  boolean isFlooding() {
    return flooding;
  }

  @Override
  public void send(byte octet) throws IOException {
    channel().write(ByteBuffer.wrap(new byte[] {octet}));
  }

  @Override
  public synchronized void beginClose() {
    closed = true;
  }

  @Override
  public synchronized void close() {
    beginClose();
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (waiting != null) {
      waiting.wakeup();
    }
    watchers.forEach(Selector::wakeup);
  }
}
