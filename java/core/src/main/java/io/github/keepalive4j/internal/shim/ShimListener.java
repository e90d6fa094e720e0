package io.github.keepalive4j.internal.shim;

import io.github.keepalive4j.KeepaliveException;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.internal.Errno;
import io.github.keepalive4j.internal.Listener;
import java.io.IOException;
import java.net.InetSocketAddress;

/** A listening descriptor of the shim's. */
final class ShimListener implements Listener {
  private final Descriptor descriptor;

  ShimListener(InetSocketAddress address, int backlog, Boolean ipv6Only) throws IOException {
    int fd =
        Shim.ka_listen(
            AddressLayout.encode(address), backlog, Boolean.TRUE.equals(ipv6Only) ? 1 : 0);
    if (fd < 0) {
      throw new KeepaliveException("listening on " + address, -fd);
    }
    descriptor = new Descriptor(fd);
  }

  @Override
  public Accepted accept(KeepaliveOptions options) throws IOException {
    byte[] peer = new byte[Layout.ADDRESS_SIZE];
    int[] failed = new int[1];
    int fd;
    int listener = descriptor.acquire();
    try {
      fd = Shim.ka_accept(listener, ConfigLayout.encode(options), peer, failed);
    } finally {
      descriptor.release();
    }
    if (fd == -Errno.EAGAIN.number()) {
      return null;
    }
    if (fd < 0) {
      throw new KeepaliveException("accepting a connection: " + Option.of(failed[0]), -fd);
    }
    return new Accepted(new ShimLink(fd), AddressLayout.decode(peer));
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

  @Override
  public void close() {
    if (descriptor.beginClose()) {
      descriptor.release();
    }
  }
}
