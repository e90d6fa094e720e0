package io.github.keepalive4j.internal.shim;

/**
 * The functions of {@code keepalive4j.h}, which documents them. JNA registers them as this class's
 * own native methods ({@code RegisterNatives}) while {@link ShimLibrary} has a user; structures go
 * over as arrays of bytes or words laid out by {@link Layout}, pointers as addresses.
 */
final class Shim {
  private Shim() {}

  static native int ka_abi_version();

  static native int ka_open(int family, byte[] config, int[] failed);

  static native int ka_connect(int fd, byte[] peer, int timeoutMs);

  static native int ka_handshake(int fd, int timeoutMs);

  static native int ka_rto_min_us();

  static native int ka_jiffy_us();

  static native int ka_set_md5_key(int fd, byte[] key);

  static native int ka_listen(
      byte[] bind, byte[] config, byte[] keys, byte[] accepted, int[] failed);

  static native int ka_accept(int listener, byte[] peer);

  static native int ka_drop_syns(int listener);

  static native int ka_effective(int fd, byte[] config);

  static native int ka_check_route(byte[] config, byte[] peer, int[] failed);

  static native int ka_interface(int fd);

  static native int ka_check_carrier(int interfaceIndex);

  static native int ka_local_address(int fd, byte[] address);

  static native int ka_tcp_info(int fd, byte[] info, int size);

  static native int ka_set_user_timeout(int fd, int timeoutMs);

  static native int ka_send(int fd, byte octet);

  static native int ka_shutdown(int fd);

  static native int ka_close(int fd);

  static native int ka_classify(int fd, byte[] config, long[] observation, long[] event);

  static native int ka_evidence(int fd, long[] event);

  static native int ka_process_open(int pid);

  static native int ka_process_await(int fd, int wakeFd, int timeoutMs);

  static native int ka_file_lock(byte[] path);

  static native int ka_file_unlock(int fd);

  static native int ka_wake_open();

  static native int ka_wake(int wakeFd);

  static native int ka_await_or_wake(
      int fd, int wakeFd, byte[] config, long[] observation, int timeoutMs, long[] event);

  static native int ka_monitor_open(long[] monitor);

  static native int ka_monitor_realtime(long monitor, int priority, int[] failed);

  static native int ka_realtime_enter(int priority);

  static native int ka_realtime_leave();

  static native int ka_realtime_demotions();

  static native int ka_realtime_refusals();

  static native int ka_monitor_watch(
      long monitor, int fd, long token, byte[] config, long[] observation);

  static native int ka_monitor_listen(long monitor, int fd, long token);

  static native int ka_monitor_unwatch(long monitor, int fd, long[] observation, long[] event);

  static native int ka_monitor_wake(long monitor);

  static native int ka_monitor_wait(long monitor, long events, int capacity, int timeoutMs);

  static native int ka_monitor_close(long monitor);

  static native int ka_find_socket(byte[] local, byte[] peer);

  static native int ka_scan_sockets(int first, long[] cookies, int count);

  static native int ka_mark_socket(int fd);

  static native int ka_take_socket(long[] id);

  static native int ka_process_socket(int processFd, int number);

  static native int ka_socket_inode(int fd, long[] inode);

  static native int ka_look_at_sockets(long[] looks, int count);

  static native int ka_set_options(int fd, byte[] config, int[] failed);

  static native int ka_peer_address(int fd, byte[] address);
}
