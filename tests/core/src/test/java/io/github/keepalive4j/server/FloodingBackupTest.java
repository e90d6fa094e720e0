package io.github.keepalive4j.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.github.keepalive4j.EachTransport;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.support.Background;
import io.github.keepalive4j.support.Eventually;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A backup that sends as much as it can, beside one that behaves well. */
class FloodingBackupTest extends EachTransport {
  private static final Duration POUR = Duration.ofMillis(500);

  /** What the buffers of both kernels may hold (tcp_wmem, tcp_rmem), and some. */
  private static final int MOST_POURED = 16 << 20;

  /** Without a limit it would be all that there is. */
  private static final Duration MOST_CPU = POUR.dividedBy(5);

  /** What a source reads in that time, if there is more. */
  private static final int HALF_A_SECOND = 50 << 10;

  private static final int MOST_ALLOCATED = 4 << 20;
  private static final Duration MOST_ANSWER = Duration.ofSeconds(3);

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @ValueSource(chars = {'P', 'Q'})
  void aFloodCostsLittleAndDelaysNoOtherBackup(char octet) throws Exception {
    try (KeepaliveServer server = KeepaliveServer.open(new InetSocketAddress("0.0.0.0", 0));
        Socket polite = new Socket(InetAddress.getLoopbackAddress(), port(server));
        SocketChannel rude =
            SocketChannel.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port(server)))) {
      Eventually.await("both", () -> server.connections() == 2);
      ask(polite);
      long threadId = serverThread(port(server)).getId();
      long cpuNs = threads.getThreadCpuTime(threadId);
      long allocated = threads.getThreadAllocatedBytes(threadId);
      Background<Long> poured = Background.start(() -> pour(rude, octet));
      long slowestNs = askFor(polite, POUR);
      assertTrue(poured.get() <= MOST_POURED, () -> octet + " poured");
      long spentNs = threads.getThreadCpuTime(threadId) - cpuNs;
      assertTrue(spentNs <= MOST_CPU.toNanos(), () -> spentNs / 1_000_000 + " ms of processor");
      long bytes = threads.getThreadAllocatedBytes(threadId) - allocated;
      assertTrue(bytes <= MOST_ALLOCATED, () -> bytes + " bytes allocated");
      assertTrue(slowestNs <= MOST_ANSWER.toNanos(), () -> slowestNs / 1_000_000 + " ms");
      reset(rude);
      Eventually.await("the rude one is gone", () -> server.connections() == 1);
      assertEquals(0, server.violations());
    }
  }

  @Test
  void itIsReadAt100KilobytesASecond() throws Exception {
    byte[] octets = new byte[HALF_A_SECOND];
    Arrays.fill(octets, (byte) 'P');
    octets[octets.length - 1] = 'Q';
    try (KeepaliveServer server = KeepaliveServer.open(new InetSocketAddress("0.0.0.0", 0));
        Socket rude = new Socket(InetAddress.getLoopbackAddress(), port(server))) {
      rude.setSoTimeout(10_000);
      long startNs = System.nanoTime();
      rude.getOutputStream().write(octets);
      assertEquals('A', rude.getInputStream().read());
      long tookMs = (System.nanoTime() - startNs) / 1_000_000;
      assertTrue(tookMs >= 400 && tookMs < 9_000, () -> tookMs + " ms");
    }
  }

  /** An orderly end would come behind all that it has poured. */
  private static void reset(SocketChannel rude) throws Exception {
    rude.setOption(StandardSocketOptions.SO_LINGER, 0);
    rude.close();
  }

  private static int port(KeepaliveServer server) throws Exception {
    return server.localAddress().getPort();
  }

  private static Thread serverThread(int port) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("keepalive-server-" + port))
        .findFirst()
        .orElseThrow();
  }

  private static long pour(SocketChannel rude, char octet) throws Exception {
    byte[] octets = new byte[1 << 16];
    Arrays.fill(octets, (byte) octet);
    rude.configureBlocking(false);
    long poured = 0;
    for (long endNs = System.nanoTime() + POUR.toNanos(); System.nanoTime() < endNs; ) {
      int sent = rude.write(ByteBuffer.wrap(octets));
      poured += sent;
      if (sent == 0) {
        TimeUnit.MILLISECONDS.sleep(1); // what limits it is to be the source, not this loop
      }
    }
    return poured;
  }

  /** Returns how long the slowest answer took. */
  private static long askFor(Socket polite, Duration time) throws Exception {
    long slowestNs = 0;
    for (long endNs = System.nanoTime() + time.toNanos(); System.nanoTime() < endNs; ) {
      slowestNs = Math.max(slowestNs, ask(polite));
      TimeUnit.MILLISECONDS.sleep(10); // a backup's interval
    }
    return slowestNs;
  }

  private static long ask(Socket polite) throws Exception {
    long startNs = System.nanoTime();
    polite.setSoTimeout(10_000);
    polite.getOutputStream().write('Q');
    assertEquals('A', polite.getInputStream().read());
    return System.nanoTime() - startNs;
  }
}
