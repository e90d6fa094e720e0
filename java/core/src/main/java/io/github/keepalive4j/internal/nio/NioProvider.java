package io.github.keepalive4j.internal.nio;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.internal.KernelTimers;
import io.github.keepalive4j.internal.Link;
import io.github.keepalive4j.internal.Listener;
import io.github.keepalive4j.internal.Poller;
import io.github.keepalive4j.internal.Provider;
import java.io.IOException;
import java.net.InetSocketAddress;

/** The transport through the JDK alone. */
public final class NioProvider implements Provider {
  @Override
  public void check(KeepaliveOptions options) {
    NioOptions.check(options);
  }

  @Override
  public int suspectProbes(KeepaliveOptions options) {
    return 0;
  }

  @Override
  public KeepaliveOptions sourceDefaults() {
    return KeepaliveOptions.defaults();
  }

  @Override
  public KernelTimers kernelTimers() {
    throw new UnsupportedOperationException(
        "the JDK transport can't probe beyond keepalive; it takes the native transport, or a budget of 3.375 s and more");
  }

  @Override
  public Link newLink() {
    return new NioLink();
  }

  @Override
  public Listener listen(InetSocketAddress address, int backlog, Boolean ipv6Only)
      throws IOException {
    NioOptions.refuse("ipv6Only (IPV6_V6ONLY)", ipv6Only != null);
    return new NioListener(address, backlog);
  }

  @Override
  public Poller openPoller() throws IOException {
    return new NioPoller();
  }
}
