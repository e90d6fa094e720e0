package io.github.keepalive4j.internal.sockets;

import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.internal.EffectiveOptions;
import io.github.keepalive4j.internal.Errno;
import io.github.keepalive4j.internal.Providers;
import io.github.keepalive4j.internal.Range;
import io.github.keepalive4j.internal.shim.SocketCalls;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A socket's descriptor once more. Hold it for microseconds: the connection lasts as long as it
 * does, and a FIN comes no sooner. Not thread-safe.
 */
public final class Duplicate implements Closeable {
  private final int fd;
  private boolean closed;

  /** Takes over a descriptor; the caller holds a use of the shim. */
  private Duplicate(int fd) {
    SocketCalls.acquireAnother();
    this.fd = fd;
  }

  static void requireNative() {
    if (!Providers.isNativeSelected()) {
      throw new UnsupportedOperationException(
          "the JDK transport can't reach a socket that it didn't make; use the native transport");
    }
  }

  /** Takes over a descriptor, or closes it if it isn't TCP; the caller holds a use of the shim. */
  static Optional<Duplicate> ifTcp(int fd) {
    if (SocketCalls.isTcp(fd)) {
      return Optional.of(new Duplicate(fd));
    }
    SocketCalls.close(fd);
    return Optional.empty();
  }

  /**
   * Duplicates a connected socket of this process.
   *
   * @throws IllegalArgumentException if it isn't TCP
   * @throws IOException if it is closed, not connected, or its connection has died
   */
  public static Duplicate find(Socket socket) throws IOException {
    try {
      return find(Ends.of(socket));
    } catch (SocketException e) {
      requireTcp(socket);
      throw e;
    }
  }

  /** Only a socket that was made for datagrams has no such option. */
  private static void requireTcp(Socket socket) {
    try {
      boolean ignored = socket.getTcpNoDelay();
    } catch (SocketException e) {
      if (!socket.isClosed() && socket.isConnected()) {
        throw new IllegalArgumentException(socket + " isn't TCP", e);
      }
    }
  }

  /**
   * Duplicates a connected channel of this process.
   *
   * @throws IllegalArgumentException if it isn't TCP
   * @throws IOException if it is closed, not connected, or its connection has died
   */
  public static Duplicate find(SocketChannel channel) throws IOException {
    return find(Ends.of(channel));
  }

  /**
   * Duplicates the connected socket of this process that has these two addresses.
   *
   * @throws IllegalArgumentException if an address is unresolved
   * @throws IOException if there is none, or more than one
   */
  public static Duplicate find(InetSocketAddress local, InetSocketAddress remote)
      throws IOException {
    return find(Ends.of(local, remote));
  }

  private static Duplicate find(Ends ends) throws IOException {
    requireNative();
    SocketCalls.acquire();
    try {
      int fd = SocketCalls.find(ends.local(), ends.remote());
      if (fd < 0) {
        throw notFound(ends, -fd);
      }
      return new Duplicate(fd);
    } finally {
      SocketCalls.release();
    }
  }

  private static IOException notFound(Ends ends, int errno) {
    if (errno == Errno.ENOENT.number()) {
      return new SocketException("this process has no connected TCP socket " + ends);
    }
    boolean isTwice = errno == Errno.ENOTUNIQ.number();
    String which = isTwice ? ", which it has twice: in two network namespaces" : "";
    return new KeepaliveException("finding this process's socket " + ends + which, errno);
  }

  /** Returns the socket's own address. */
  public InetSocketAddress local() throws IOException {
    return SocketCalls.local(number(), this::toString);
  }

  /** Returns its peer's address. */
  public InetSocketAddress remote() throws IOException {
    return SocketCalls.remote(number(), this::toString);
  }

  /** Returns what detects a dead peer. */
  public SocketOptions options() throws IOException {
    return look().options(0);
  }

  /** Returns how many bytes were written and not acknowledged. */
  public long queuedBytes() throws IOException {
    return look().queuedBytes(0);
  }

  private Looks look() throws IOException {
    Looks looks = new Looks();
    looks.add(number(), 0);
    SocketCalls.look(looks.words(), 1);
    if (looks.error(0) < 0) {
      throw new KeepaliveException("looking at " + this, -looks.error(0));
    }
    return looks;
  }

  /** Sets what detects a dead peer. An error names the socket and the option. */
  public void set(SocketOptions options) throws IOException {
    SocketCalls.set(
        number(),
        options.keepAlive(),
        options.idleSeconds(),
        options.intervalSeconds(),
        options.count(),
        options.userTimeoutMs(),
        this::setting);
  }

  /**
   * Sets {@code TCP_USER_TIMEOUT} alone.
   *
   * @param timeoutMs 0 (off) to 2147483647
   */
  public void setUserTimeout(int timeoutMs) throws IOException {
    Range.check("timeoutMs", timeoutMs, 0, Integer.MAX_VALUE);
    SocketCalls.setUserTimeout(number(), timeoutMs, this::setting);
  }

  /**
   * Sets options and reads back what is in effect.
   *
   * @throws IllegalArgumentException if one is set that a connected socket can't take; the message
   *     names it
   */
  public EffectiveOptions apply(KeepaliveOptions options) throws IOException {
    ConnectedOptions.check(options, local());
    return SocketCalls.set(number(), options, this::setting);
  }

  /** Returns what the kernel knows of the connection. */
  public TcpInfo info() throws IOException {
    return SocketCalls.info(number(), this::toString);
  }

  /** Ends the connection in both directions, also for a thread that waits in it. */
  public void shutdown() throws IOException {
    SocketCalls.shutdown(number(), this::toString);
  }

  private String setting() {
    return "setting options of " + this;
  }

  /** Returns the duplicate's number, for a call that this class lacks. */
  public int fd() throws IOException {
    return number();
  }

  private int number() throws IOException {
    if (closed) {
      throw new IOException("the duplicate is closed");
    }
    return fd;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      SocketCalls.close(fd);
      SocketCalls.release();
    }
  }

  /** Names the socket by its addresses, as far as it still has them. */
  @Override
  public String toString() {
    if (closed) {
      return "a closed duplicate";
    }
    Supplier<String> nameless = () -> "socket";
    try {
      return "the socket "
          + new Ends(SocketCalls.local(fd, nameless), SocketCalls.remote(fd, nameless));
    } catch (IOException e) {
      return "a socket that is no longer connected";
    }
  }
}
