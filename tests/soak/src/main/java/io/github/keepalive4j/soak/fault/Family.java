package io.github.keepalive4j.soak.fault;

import io.github.keepalive4j.testkit.Host;
import java.net.InetAddress;

/** A version of the internet protocol. */
public enum Family {
  IPV4("IPv4") {
    @Override
    public InetAddress of(Host host) {
      return host.ipv4();
    }
  },
  IPV6("IPv6") {
    @Override
    public InetAddress of(Host host) {
      return host.ipv6();
    }
  };

  private final String title;

  Family(String title) {
    this.title = title;
  }

  /** Returns the host's address. */
  public abstract InetAddress of(Host host);

  @Override
  public String toString() {
    return title;
  }
}
