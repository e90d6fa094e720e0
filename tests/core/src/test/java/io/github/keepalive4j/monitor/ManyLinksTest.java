package io.github.keepalive4j.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.EachTransport;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.server.ServerProgram;
import io.github.keepalive4j.support.ChildJvm;
import io.github.keepalive4j.support.Descriptors;
import io.github.keepalive4j.support.Eventually;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

/** As many links as a host might watch, whose source dies at one blow. */
class ManyLinksTest extends EachTransport {
  private static final int LINKS = 5_000;

  /**
   * A source's queue holds 1,024 connections; what comes while it is full may be lost, though it
   * counts as connected here.
   */
  private static final int QUEUE = 500;

  private final AtomicIntegerArray calls = new AtomicIntegerArray(LINKS);
  private final CountDownLatch failed = new CountDownLatch(LINKS);
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

  @Test
  void eachFailsOnceWithoutAThreadOfItsOwn() throws Exception {
    int descriptors = Descriptors.count();
    try (ChildJvm source = ChildJvm.start(ServerProgram.class);
        KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      int port = Integer.parseInt(source.readLine());
      int threadsBefore = threads.getThreadCount();
      List<KeepaliveSocket> links = watchAll(monitor, source, loopback(port));
      assertEquals(LINKS, monitor.size());
      assertTrue(threads.getThreadCount() <= threadsBefore + 2, "threads for links");
      killAndAwait(source);
      for (KeepaliveSocket link : links) {
        MonitorTest.awaitClosed(link);
      }
      Eventually.await("an empty monitor", () -> monitor.size() == 0);
    }
    for (int i = 0; i < LINKS; i++) {
      assertEquals(1, calls.get(i), "calls of link " + i);
    }
    Descriptors.assertBackTo(descriptors);
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private List<KeepaliveSocket> watchAll(
      KeepaliveMonitor monitor, ChildJvm source, InetSocketAddress address) throws Exception {
    List<KeepaliveSocket> links = new ArrayList<>();
    for (int i = 0; i < LINKS; i++) {
      int number = i;
      KeepaliveSocket link = KeepaliveSocket.connect(address, KeepaliveOptions.defaults());
      monitor.watch(link, failover -> note(number, failover.failure()));
      links.add(link);
      if (links.size() % QUEUE == 0) {
        Eventually.await("all accepted", () -> accepted(source) == links.size());
      }
    }
    return links;
  }

  private static int accepted(ChildJvm source) throws Exception {
    return Integer.parseInt(source.ask("").split(" ", -1)[0]);
  }

  private void note(int number, Failure failure) {
    boolean died = failure.cause() == FailureCause.CLOSED || failure.cause() == FailureCause.RESET;
    calls.addAndGet(number, died ? 1 : 100);
    failed.countDown();
  }

  private void killAndAwait(ChildJvm source) throws Exception {
    threads.resetPeakThreadCount();
    int before = threads.getThreadCount();
    long startNs = System.nanoTime();
    source.kill();
    assertTrue(failed.await(30, TimeUnit.SECONDS), () -> failed.getCount() + " callbacks lost");
    Duration took = Duration.ofNanos(System.nanoTime() - startNs);
    int peak = threads.getPeakThreadCount() - before;
    System.out.printf(
        "%s: %d links failed in %d ms, on up to %d threads%n",
        transport, LINKS, took.toMillis(), peak);
    assertTrue(peak < LINKS / 10, () -> peak + " threads at once");
  }
}
