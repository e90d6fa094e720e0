package io.github.keepalive4j.internal.shim;

import io.github.keepalive4j.IpNetwork;
import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.Md5Key;
import io.github.keepalive4j.internal.Errno;
import io.github.keepalive4j.internal.LinkDescriptors;
import io.github.keepalive4j.internal.ListenSettings;
import io.github.keepalive4j.internal.Listener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** A listening descriptor of the shim. */
final class ShimListener implements Listener {
  private final Descriptor descriptor;

  ShimListener(InetSocketAddress address, ListenSettings settings) throws IOException {
    ShimLibrary.acquire();
    try {
      descriptor = new Descriptor(open(address, settings));
    } finally {
      ShimLibrary.release();
    }
  }

  private static int open(InetSocketAddress address, ListenSettings settings) throws IOException {
    Map<IpNetwork, Md5Key> keys = keysOn(address, settings);
    byte[] encodedKeys = Md5KeyLayout.encode(keys);
    int[] failed = new int[1];
    int fd =
        Shim.ka_listen(
            AddressLayout.encode(address),
            encode(settings, keys.size()),
            encodedKeys,
            ConfigLayout.encode(settings.options()),
            failed);
    Arrays.fill(encodedKeys, (byte) 0);
    if (fd < 0) {
      String step = Option.of(failed[0]).refusedWith(-fd);
      throw new KeepaliveException("listening on " + address + ": " + step, -fd);
    }
    return fd;
  }

  /** On an IPv4 address there are no IPv6 peers, and the kernel takes no keys for them. */
  private static Map<IpNetwork, Md5Key> keysOn(InetSocketAddress address, ListenSettings settings) {
    Map<IpNetwork, Md5Key> keys = new LinkedHashMap<>(settings.keys());
    if (AddressLayout.family(address) == 4) {
      keys.keySet().removeIf(network -> !network.isIpv4());
    }
    return keys;
  }

  private static byte[] encode(ListenSettings settings, int keyCount) {
    ByteBuffer config =
        ByteBuffer.allocate(Layout.LISTEN_CONFIG_SIZE).order(ByteOrder.nativeOrder());
    boolean ipv6Only = Boolean.TRUE.equals(settings.ipv6Only());
    config.putInt(Layout.LISTEN_CONFIG_BACKLOG, settings.backlog());
    config.putInt(Layout.LISTEN_CONFIG_V6ONLY, ipv6Only ? 1 : 0);
    config.putInt(Layout.LISTEN_CONFIG_SINGLE_HOP, settings.singleHop() ? 1 : 0);
    config.putInt(Layout.LISTEN_CONFIG_KEY_COUNT, keyCount);
    return config.array();
  }

  @Override
  public Accepted accept() throws IOException {
    LinkDescriptors.beginAccept();
    try {
      return acceptOne();
    } finally {
      LinkDescriptors.endAccept();
    }
  }

  private Accepted acceptOne() throws IOException {
    byte[] peer = new byte[Layout.ADDRESS_SIZE];
    int fd;
    int listener = descriptor.acquire();
    try {
      fd = Shim.ka_accept(listener, peer);
    } finally {
      descriptor.release();
    }
    if (fd == -Errno.EAGAIN.number()) {
      return null;
    }
    if (fd < 0 && descriptor.isClosed()) {
      throw new ClosedChannelException();
    }
    if (fd < 0) {
      throw new KeepaliveException("accepting a connection", -fd);
    }
    return new Accepted(new ShimLink(fd), AddressLayout.decode(peer));
  }

  @Override
  public boolean refuseNew() {
    int listener;
    try {
      listener = descriptor.acquire();
    } catch (ClosedChannelException e) {
      return false;
    }
    try {
      return Shim.ka_drop_syns(listener) == 0;
    } finally {
      descriptor.release();
    }
  }

  @Override
  public InetSocketAddress localAddress() throws IOException {
    byte[] address = new byte[Layout.ADDRESS_SIZE];
    int listener = descriptor.acquire();
    try {
      int result = Shim.ka_local_address(listener, address);
      if (result < 0) {
        throw new KeepaliveException("reading the local address", -result);
      }
    } finally {
      descriptor.release();
    }
    return AddressLayout.decode(address);
  }

  /** Returns the descriptor's number, which stays this listener's until {@link #close}. */
  int number() {
    return descriptor.number();
  }

  /**
   * Ends the listening itself: close(2) alone would leave the port to a process that is being
   * started, which has the descriptor until its execve(2).
   */
  @Override
  public void close() {
    if (descriptor.beginClose()) {
      Shim.ka_shutdown(descriptor.number());
      descriptor.release();
    }
  }
}
