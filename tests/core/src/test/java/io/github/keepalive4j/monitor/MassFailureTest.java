package io.github.keepalive4j.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.support.LinkPair;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Many links fail while the monitor's thread is busy. */
class MassFailureTest extends MonitorTest {
  private static final int LINKS = 600; // more than the events of two waits

  private final CountDownLatch busy = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final CountDownLatch told = new CountDownLatch(LINKS);
  private final AtomicInteger closedBefore = new AtomicInteger();
  private final List<LinkPair> pairs = new ArrayList<>();

  @Test
  void allCallbacksRunBeforeAnyLinkIsClosed() throws Exception {
    try (KeepaliveMonitor monitor = KeepaliveMonitor.builder().executor(Runnable::run).open()) {
      LinkPair first = source.connect();
      monitor.watch(first.link(), failure -> keepBusy());
      for (int i = 0; i < LINKS; i++) {
        LinkPair pair = source.connect();
        pairs.add(pair);
        monitor.watch(pair.link(), failure -> tell());
      }
      first.reset();
      assertTrue(busy.await(10, TimeUnit.SECONDS));
      for (LinkPair pair : pairs) {
        pair.reset();
      }
      goOn.countDown();
      assertTrue(told.await(10, TimeUnit.SECONDS), () -> told.getCount() + " not told");
      assertEquals(0, closedBefore.get());
      for (LinkPair pair : pairs) {
        awaitClosed(pair.link());
      }
      assertEquals(0, monitor.size());
    }
  }

  private void keepBusy() throws InterruptedException {
    busy.countDown();
    goOn.await();
  }

  private void tell() {
    for (LinkPair pair : pairs) {
      closedBefore.addAndGet(pair.link().isOpen() ? 0 : 1);
    }
    told.countDown();
  }
}
