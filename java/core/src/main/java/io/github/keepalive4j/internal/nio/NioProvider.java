package io.github.keepalive4j.internal.nio;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.internal.Link;
import io.github.keepalive4j.internal.ListenSettings;
import io.github.keepalive4j.internal.Listener;
import io.github.keepalive4j.internal.Poller;
import io.github.keepalive4j.internal.Provider;
import io.github.keepalive4j.internal.timing.KernelTimers;
import io.github.keepalive4j.internal.timing.Patience;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

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
  public KeepaliveOptions sheddingAfter(Duration silence) {
    return Patience.keepalive(silence);
  }

  @Override
  public KernelTimers kernelTimers() {
    throw new UnsupportedOperationException(
        "the JDK transport can't probe beyond keepalive; use the native transport, or a budget of 3.375 s or more");
  }

  @Override
  public Link newLink() {
    return new NioLink();
  }

  @Override
  public Listener listen(InetSocketAddress address, ListenSettings settings) throws IOException {
    NioOptions.refuse("ipv6Only (IPV6_V6ONLY)", settings.ipv6Only() != null);
    NioOptions.refuse(NioOptions.MD5_KEY, !settings.keys().isEmpty());
    NioOptions.refuse(NioOptions.SINGLE_HOP, settings.singleHop());
    return new NioListener(address, settings.backlog(), settings.options());
  }

  @Override
  public Poller openPoller(int realtime) throws IOException {
    NioOptions.refuse("realtime (SCHED_FIFO)", realtime > 0);
    return new NioPoller();
  }
}
