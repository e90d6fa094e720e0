package io.github.keepalive4j.internal.testing;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.LocalTrouble;
import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.internal.EffectiveOptions;
import io.github.keepalive4j.internal.JdkRoute;
import io.github.keepalive4j.internal.Link;
import io.github.keepalive4j.internal.LinkEvent;
import io.github.keepalive4j.internal.WatchSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.Optional;

/**
 * The link of a failure that a test made: it is over, and only its address is left.
 *
 * @param address where it was sent from, or null if that isn't known
 */
public record OverLink(InetSocketAddress address) implements Link {
  @Override
  public InetSocketAddress localAddress() throws IOException {
    if (address == null) {
      throw new ClosedChannelException();
    }
    return address;
  }

  @Override
  public void captureRoute() {}

  @Override
  public Optional<LocalTrouble> localTrouble(InetSocketAddress peer) {
    return address == null ? Optional.empty() : JdkRoute.check(address, peer);
  }

  @Override
  public void connect(InetSocketAddress peer, KeepaliveOptions options, int timeoutMs)
      throws IOException {
    throw new ClosedChannelException();
  }

  @Override
  public EffectiveOptions effectiveOptions() throws IOException {
    throw new ClosedChannelException();
  }

  @Override
  public TcpInfo tcpInfo() throws IOException {
    throw new ClosedChannelException();
  }

  @Override
  public int fd() throws IOException {
    throw new ClosedChannelException();
  }

  @Override
  public void handshake(int timeoutMs) throws IOException {
    throw new ClosedChannelException();
  }

  @Override
  public LinkEvent await(int timeoutMs, WatchSettings settings) throws IOException {
    throw new ClosedChannelException();
  }

  @Override
  public LinkEvent classify() throws IOException {
    throw new ClosedChannelException();
  }

  @Override
  public void send(byte octet) throws IOException {
    throw new ClosedChannelException();
  }

  @Override
  public void beginClose() {}

  @Override
  public void close() {}
}
