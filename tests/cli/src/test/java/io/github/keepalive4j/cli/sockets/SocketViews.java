package io.github.keepalive4j.cli.sockets;

import io.github.keepalive4j.TcpInfo;
import io.github.keepalive4j.TcpInfo.State;
import io.github.keepalive4j.internal.sockets.SocketOptions;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Builds what the kernel would tell of a socket. */
final class SocketViews {
  static final SocketOptions OFF = new SocketOptions(false, 7_200, 75, 9, 0);
  static final NetworkSettings LINUX = new NetworkSettings(15, 6, 4, 120_000, true);

  static final Instant AT = Instant.parse("2026-11-30T12:00:00Z");
  static final long READ_NS = 7;

  private final ByteBuffer info = ByteBuffer.allocate(240).order(ByteOrder.nativeOrder());
  private SocketOptions options = OFF;
  private NetworkSettings settings = LINUX;
  private long queuedBytes;

  private SocketViews(State state) {
    info.put(0, (byte) (List.of(State.values()).indexOf(state) + 1));
    rtoMs(200);
    sendWindow(65_535);
  }

  static SocketViews in(State state) {
    return new SocketViews(state);
  }

  SocketViews options(SocketOptions newOptions) {
    options = newOptions;
    return this;
  }

  SocketViews retries2(int retries2) {
    settings = new NetworkSettings(retries2, 6, 4, 120_000, true);
    return this;
  }

  SocketViews unreadableSettings() {
    settings = NetworkSettings.DEFAULTS;
    return this;
  }

  SocketViews rtoMs(int ms) {
    info.putInt(8, 1_000 * ms);
    return this;
  }

  SocketViews sendWindow(int bytes) {
    info.putInt(228, bytes);
    return this;
  }

  SocketViews heardMsAgo(int ms) {
    info.putInt(52, ms);
    info.putInt(56, ms);
    return this;
  }

  SocketViews sentMsAgo(int ms) {
    info.putInt(44, ms);
    return this;
  }

  SocketViews queued(long bytes) {
    queuedBytes = bytes;
    return this;
  }

  SocketViews unacked(int segments) {
    info.putInt(24, segments);
    return this;
  }

  SocketViews retransmits(int count) {
    info.put(2, (byte) count);
    return this;
  }

  SocketViews probes(int count) {
    info.put(3, (byte) count);
    return this;
  }

  SocketViews backoff(int exponent) {
    info.put(4, (byte) exponent);
    return this;
  }

  SocketView build() {
    InetSocketAddress local = new InetSocketAddress("192.0.2.1", 40_000);
    InetSocketAddress peer = new InetSocketAddress("192.0.2.2", 5_432);
    TcpInfo told = TcpInfo.of(info);
    return new SocketView(
        7,
        told,
        options,
        local,
        SocketView.hasPeer(told) ? Optional.of(peer) : Optional.empty(),
        queuedBytes,
        settings,
        AT,
        READ_NS);
  }
}
