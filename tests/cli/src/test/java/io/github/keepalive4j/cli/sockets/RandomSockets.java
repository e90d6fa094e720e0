package io.github.keepalive4j.cli.sockets;

import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Host;
import io.github.keepalive4j.testkit.Lab;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import jdk.net.ExtendedSocketOptions;

/**
 * TCP sockets of this JVM in states that last, on the hosts of a lab: idle, closed by one side, not
 * read by the peer, and once the source is cut off in the middle of sending, closing or connecting.
 */
final class RandomSockets implements AutoCloseable {
  private enum Kind {
    IDLE,
    HALF_CLOSED,
    CLOSED_BY_PEER,
    NOT_READ,
    SENDING,
    CLOSING,
    CONNECTING
  }

  private static final int BACKLOG = 4_096;
  private static final int BUFFER = 8_192; // small, so that a peer that doesn't read fills it soon

  private final Random random;
  private final Lab lab;
  private final List<Channel> open = new ArrayList<>();
  private final List<ServerSocketChannel> listeners = new ArrayList<>();

  private RandomSockets(Lab lab, long seed) throws Exception {
    this.lab = lab;
    random = new Random(seed);
    listen(lab.source().ipv4());
    listen(lab.source().ipv6());
  }

  /** Opens about so many sockets, and cuts the source off. */
  static RandomSockets open(Lab lab, int count, long seed) throws Exception {
    RandomSockets sockets = new RandomSockets(lab, seed);
    try {
      sockets.openAll(count);
      return sockets;
    } catch (Exception | Error e) {
      sockets.close();
      throw e;
    }
  }

  /** Returns how many are open. */
  long count() {
    return open.stream().filter(Channel::isOpen).count();
  }

  private void listen(InetAddress address) throws Exception {
    ServerSocketChannel listener =
        lab.source()
            .call(
                () ->
                    ServerSocketChannel.open()
                        .setOption(StandardSocketOptions.SO_RCVBUF, BUFFER)
                        .bind(new InetSocketAddress(address, 0), BACKLOG));
    open.add(listener);
    listeners.add(listener);
  }

  private void openAll(int count) throws Exception {
    List<SocketChannel> later = new ArrayList<>();
    List<Kind> kinds = new ArrayList<>();
    while (open.size() < count) {
      Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
      if (kind == Kind.CONNECTING) {
        kinds.add(kind);
        later.add(unconnected());
      } else {
        SocketChannel client = connect();
        SocketChannel server = open(listener(client).accept());
        prepare(kind, client, server);
        kinds.add(kind);
        later.add(client);
      }
    }
    Fault unused = lab.source().drop(); // ends with the lab
    for (int i = 0; i < kinds.size(); i++) {
      finish(kinds.get(i), later.get(i));
    }
  }

  private ServerSocketChannel listener(SocketChannel client) throws IOException {
    for (ServerSocketChannel listener : listeners) {
      if (listener.getLocalAddress().equals(client.getRemoteAddress())) {
        return listener;
      }
    }
    throw new AssertionError("no listener for " + client);
  }

  private SocketChannel unconnected() throws Exception {
    Host backup = lab.backup();
    return open(
        backup.call(() -> SocketChannel.open().setOption(StandardSocketOptions.SO_SNDBUF, BUFFER)));
  }

  private SocketChannel connect() throws Exception {
    SocketChannel client = unconnected();
    client.connect(anyListener());
    return client;
  }

  private InetSocketAddress anyListener() throws IOException {
    return (InetSocketAddress) listeners.get(random.nextInt(listeners.size())).getLocalAddress();
  }

  private SocketChannel open(SocketChannel channel) throws IOException {
    open.add(channel);
    if (random.nextBoolean()) {
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      channel.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 600 + random.nextInt(7_200));
      channel.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, 1 + random.nextInt(75));
      channel.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 1 + random.nextInt(9));
    }
    return channel;
  }

  private void prepare(Kind kind, SocketChannel client, SocketChannel server) throws IOException {
    switch (kind) {
      case HALF_CLOSED -> client.shutdownOutput();
      case CLOSED_BY_PEER -> server.close();
      case NOT_READ -> fill(client);
      default -> {
        // done once the peer is cut off
      }
    }
  }

  private static void fill(SocketChannel client) throws IOException {
    client.configureBlocking(false);
    int refusals = 0;
    while (refusals < 20) { // what is acknowledged meanwhile makes room
      refusals = client.write(ByteBuffer.allocate(BUFFER)) > 0 ? 0 : refusals + 1;
    }
  }

  private void finish(Kind kind, SocketChannel client) throws IOException {
    switch (kind) {
      case SENDING -> {
        client.write(ByteBuffer.allocate(1 + random.nextInt(3_000)));
      }
      case CLOSING -> client.shutdownOutput();
      case CONNECTING -> {
        client.configureBlocking(false);
        client.connect(anyListener());
      }
      default -> {
        // in its state already
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (Channel channel : open) {
      channel.close();
    }
  }
}
