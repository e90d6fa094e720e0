package io.github.keepalive4j.fast;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import io.github.keepalive4j.testkit.Host;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A path of any length from a host to itself. The host sends to {@link #far} and hears as if an
 * answer came from there: what leaves the tun device comes back into it, late, with its addresses
 * exchanged.
 */
final class LongPath {
  private static final String NEAR = "203.0.113.1";
  private static final String FAR = "203.0.113.2";

  private static final int O_RDWR = 2;
  private static final int POLLIN = 1;

  /** How long closing may wait for the reader. */
  private static final int LOOK_MS = 20;

  private static final NativeLong TUNSETIFF = new NativeLong(0x400454CAL);
  private static final short IFF_TUN_NO_PI = 0x1001;

  /** {@code struct ifreq}: a name of 16 bytes, then the flags. */
  private static final int IFREQ_SIZE = 40;

  /** The protocol's number in an IPv4 packet. */
  private static final int TCP = 6;

  private static final int PACKET_SIZE = 2048;
  private static final int LEAST_SEGMENT = 40;

  private interface LibC extends Library {
    LibC INSTANCE = Native.load("c", LibC.class);

    int open(String path, int flags) throws LastErrorException;

    int ioctl(int fd, NativeLong request, byte[] argument) throws LastErrorException;

    int poll(int[] fds, NativeLong count, int timeoutMs) throws LastErrorException;

    NativeLong read(int fd, byte[] bytes, NativeLong size) throws LastErrorException;

    NativeLong write(int fd, byte[] bytes, NativeLong size) throws LastErrorException;

    int close(int fd) throws LastErrorException;
  }

  private final int fd;
  private final int port;
  private final ScheduledExecutorService carrier = Executors.newSingleThreadScheduledExecutor();
  private final Thread reader = new Thread(this::read, "long-path");
  private final AtomicInteger toLose = new AtomicInteger();
  private volatile long wayNs;
  private volatile boolean closed;

  private LongPath(int fd, int port) {
    this.fd = fd;
    this.port = port;
  }

  /**
   * Makes the path on a host.
   *
   * @param port the port at which a source listens there
   */
  static LongPath open(Host host, int port) throws Exception {
    int fd = host.call(LongPath::openDevice);
    host.run("ip", "address", "add", NEAR + "/24", "dev", "path");
    host.run("ip", "link", "set", "path", "up");
    LongPath path = new LongPath(fd, port);
    path.reader.start();
    return path;
  }

  private static int openDevice() {
    int fd = LibC.INSTANCE.open("/dev/net/tun", O_RDWR);
    byte[] request = new byte[IFREQ_SIZE];
    byte[] name = "path".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(name, 0, request, 0, name.length);
    request[16] = (byte) IFF_TUN_NO_PI;
    request[17] = (byte) (IFF_TUN_NO_PI >> 8);
    LibC.INSTANCE.ioctl(fd, TUNSETIFF, request);
    return fd;
  }

  /** Returns where the host's own source answers from the path's other end. */
  InetSocketAddress far() {
    return new InetSocketAddress(FAR, port);
  }

  void setRoundTrip(Duration roundTrip) {
    wayNs = roundTrip.toNanos() / 2;
  }

  /** Loses the next segment with data for the source. */
  void loseOne() {
    toLose.set(1);
  }

  boolean hasLost() {
    return toLose.get() == 0;
  }

  private void read() {
    while (!closed) {
      if (LibC.INSTANCE.poll(new int[] {fd, POLLIN}, new NativeLong(1), LOOK_MS) > 0) {
        carry(take());
      }
    }
  }

  private byte[] take() {
    byte[] bytes = new byte[PACKET_SIZE];
    int size = LibC.INSTANCE.read(fd, bytes, new NativeLong(bytes.length)).intValue();
    return Arrays.copyOf(bytes, size);
  }

  private void carry(byte[] packet) {
    boolean isLost = isProbe(packet) && toLose.getAndUpdate(left -> 0) > 0;
    if (!isLost) {
      exchangeAddresses(packet);
      Future<?> unused = carrier.schedule(() -> write(packet), wayNs, TimeUnit.NANOSECONDS);
    }
  }

  private void write(byte[] packet) {
    LibC.INSTANCE.write(fd, packet, new NativeLong(packet.length));
  }

  private boolean isProbe(byte[] packet) {
    if (packet.length < LEAST_SEGMENT || packet[0] >> 4 != 4 || packet[9] != TCP) {
      return false;
    }
    int tcp = (packet[0] & 15) * 4;
    int dataLength = packet.length - tcp - (packet[tcp + 12] >> 4 & 15) * 4;
    return (ByteBuffer.wrap(packet).getShort(tcp + 2) & 0xFFFF) == port && dataLength > 0;
  }

  /** The checksums are sums: they stay right. */
  private static void exchangeAddresses(byte[] packet) {
    for (int i = 12; i < 16; i++) {
      byte from = packet[i];
      packet[i] = packet[i + 4];
      packet[i + 4] = from;
    }
  }

  void close() throws InterruptedException {
    closed = true;
    reader.join();
    carrier.shutdownNow();
    LibC.INSTANCE.close(fd);
  }
}
