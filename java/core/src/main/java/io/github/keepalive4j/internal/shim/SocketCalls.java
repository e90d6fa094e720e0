package io.github.keepalive4j.internal.shim;

import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.internal.EffectiveOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Supplier;

/**
 * The shim's calls on sockets that somebody else made. Those that return an int return what the
 * shim does: -errno on failure. All are to be called between {@link #acquire} and {@link #release}.
 */
public final class SocketCalls {
  private static final int AT_ONCE = 0;

  private SocketCalls() {}

  /**
   * Begins a use of the shim, which {@link #release} ends.
   *
   * @throws IOException if the shim doesn't load
   */
  public static void acquire() throws IOException {
    ShimLibrary.acquire();
  }

  /** Begins a use within another one. */
  public static void acquireAnother() {
    ShimLibrary.acquireAnother();
  }

  public static void release() {
    ShimLibrary.release();
  }

  public static int find(InetSocketAddress local, InetSocketAddress remote) {
    return Shim.ka_find_socket(AddressLayout.encode(local), AddressLayout.encode(remote));
  }

  public static int scan(int first, long[] cookies) {
    return Shim.ka_scan_sockets(first, cookies, cookies.length);
  }

  public static int mark(int fd) {
    return Shim.ka_mark_socket(fd);
  }

  public static int take(int fd, long cookie) {
    return Shim.ka_take_socket(new long[] {cookie, fd});
  }

  public static int look(long[] looks, int count) {
    return Shim.ka_look_at_sockets(looks, count);
  }

  public static int openProcess(int pid) {
    return Shim.ka_process_open(pid);
  }

  /** Returns 0 if the process has ended. */
  public static int awaitProcess(int processFd) {
    return Shim.ka_process_await(processFd, -1, AT_ONCE);
  }

  public static int ofProcess(int processFd, int number) {
    return Shim.ka_process_socket(processFd, number);
  }

  public static int inode(int fd, long[] inode) {
    return Shim.ka_socket_inode(fd, inode);
  }

  public static boolean isTcp(int fd) {
    return Shim.ka_tcp_info(fd, new byte[1], 1) >= 0;
  }

  public static TcpInfo info(int fd, Supplier<String> what) throws IOException {
    byte[] info = new byte[Layout.TCP_INFO_SIZE];
    int length = Shim.ka_tcp_info(fd, info, info.length);
    check(length, "TCP_INFO", what);
    return TcpInfo.of(ByteBuffer.wrap(info, 0, length).order(ByteOrder.nativeOrder()));
  }

  public static InetSocketAddress local(int fd, Supplier<String> what) throws IOException {
    byte[] address = new byte[Layout.ADDRESS_SIZE];
    check(Shim.ka_local_address(fd, address), "getsockname", what);
    return AddressLayout.decode(address);
  }

  public static InetSocketAddress remote(int fd, Supplier<String> what) throws IOException {
    byte[] address = new byte[Layout.ADDRESS_SIZE];
    check(Shim.ka_peer_address(fd, address), "getpeername", what);
    return AddressLayout.decode(address);
  }

  /** Sets options and reads back what is in effect. */
  public static EffectiveOptions set(int fd, KeepaliveOptions options, Supplier<String> what)
      throws IOException {
    set(fd, ConfigLayout.encode(options), what);
    byte[] effective = new byte[Layout.CONFIG_SIZE];
    check(Shim.ka_effective(fd, effective), "reading the options back", what);
    return ConfigLayout.decode(effective);
  }

  /** Sets what detects a dead peer. */
  public static void set(
      int fd,
      boolean keepAlive,
      int idleSeconds,
      int intervalSeconds,
      int count,
      int userTimeoutMs,
      Supplier<String> what)
      throws IOException {
    byte[] config =
        ConfigLayout.encode(keepAlive, idleSeconds, intervalSeconds, count, userTimeoutMs);
    set(fd, config, what);
  }

  private static void set(int fd, byte[] config, Supplier<String> what) throws IOException {
    int[] failed = new int[1];
    int result = Shim.ka_set_options(fd, config, failed);
    if (result < 0) {
      check(result, Option.of(failed[0]).refusedWith(-result), what);
    }
  }

  public static void setUserTimeout(int fd, int timeoutMs, Supplier<String> what)
      throws IOException {
    check(Shim.ka_set_user_timeout(fd, timeoutMs), Option.TCP_USER_TIMEOUT.name(), what);
  }

  public static void shutdown(int fd, Supplier<String> what) throws IOException {
    check(Shim.ka_shutdown(fd), "shutdown", what);
  }

  public static void close(int fd) {
    Shim.ka_close(fd);
  }

  private static void check(int result, String step, Supplier<String> what) throws IOException {
    if (result < 0) {
      throw new KeepaliveException(what.get() + ": " + step, -result);
    }
  }
}
