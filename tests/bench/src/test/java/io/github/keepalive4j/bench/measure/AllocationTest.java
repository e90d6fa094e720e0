package io.github.keepalive4j.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.github.keepalive4j.bench.peer.Killer;
import io.github.keepalive4j.bench.subject.Contender;
import io.github.keepalive4j.bench.subject.Stamps;
import io.github.keepalive4j.internal.Poller;
import io.github.keepalive4j.internal.Providers;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final Duration TIME = Duration.ofSeconds(10);
  private static final int WAITS = 10_000;

  @Test
  void waitAllocatesNothing() throws IOException {
    Poller poller = Providers.get().openPoller();
    try {
      wait(poller, WAITS); // classes are loaded, call sites linked
      assertEquals(0, bytesOf(() -> wait(poller, WAITS)));
    } finally {
      poller.close();
    }
  }

  private static void wait(Poller poller, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      poller.wake();
      poller.poll(
          -1,
          (attachment, event) -> {
            throw new AssertionError("nothing is watched");
          });
    }
  }

  @Test
  void deliveredFailureAllocatesAtMostOneKib() throws IOException {
    List<Contender> monitor = List.of(Contender.NATIVE);
    try (Killer killer = new Killer();
        Subjects subjects = Subjects.open(new Stamps(PeerDeath.slots(1)), monitor)) {
      new PeerDeath(killer, subjects).run(50, TIME, 1, TIME);
      Map<String, Samples> bytes = new Allocation(killer, subjects).run(50);
      long median = bytes.get(Contender.NATIVE.key()).median();
      assertTrue(median <= 1024, median + " bytes");
    }
  }

  /** An allocation shows, so the measurement works. */
  @Test
  void measurementCountsAllocations() throws IOException {
    byte[][] kept = new byte[1][];
    assertTrue(bytesOf(() -> kept[0] = new byte[1000]) >= 1000);
    assertEquals(1000, kept[0].length);
  }

  private static long bytesOf(Step step) throws IOException {
    long id = Thread.currentThread().getId();
    THREADS.getThreadAllocatedBytes(id);
    long before = THREADS.getThreadAllocatedBytes(id);
    long overhead = THREADS.getThreadAllocatedBytes(id) - before;
    before = THREADS.getThreadAllocatedBytes(id);
    step.run();
    return THREADS.getThreadAllocatedBytes(id) - before - overhead;
  }

  private interface Step {
    void run() throws IOException;
  }
}
