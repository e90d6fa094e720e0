package io.github.keepalive4j.fast;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.OperatingSystemMXBean;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.support.BestOfFive;
import io.github.keepalive4j.support.RequiresLab;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Lab;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A thousand links in one process; and what one costs. Full form: {@code
 * -Dkeepalive4j.fast.links.seconds=60} and {@code -Dkeepalive4j.fast.cost.seconds=20}.
 */
@RequiresLab
class ThousandLinksTest {
  private static final Form SECONDS = Form.of("links.seconds", 5);
  private static final Form COST_SECONDS = Form.of("cost.seconds", 1);
  private static final int LINKS = 1_000;
  private static final int LINKS_OF_COST = 50;
  private static final int[] BUDGETS_OF_COST_MS = {30, 100, 1_000};
  private static final Duration BUDGET = Duration.ofMillis(200);
  private static final Duration SLACK = Duration.ofMillis(SECONDS.isFull() ? 50 : 1_500);

  @Test
  void allOfAThousandLinksAreDetectedInTime() throws Exception {
    BestOfFive.requireWithin(BUDGET, () -> detectAll().percentile(50));
  }

  private static Durations detectAll() throws Exception {
    try (Lab lab = Lab.open();
        KeepaliveMonitor monitor = lab.backup().call(KeepaliveMonitor::open)) {
      Programs.source(lab, "-Xmx256m");
      return detectAll(lab, monitor);
    }
  }

  private static Durations detectAll(Lab lab, KeepaliveMonitor monitor) throws Exception {
    List<WatchedLink> links = watch(lab, monitor, LINKS, BUDGET);
    double share = cpuShareWhile(Duration.ofSeconds(SECONDS.length()));
    links.forEach(WatchedLink::assertNoFailover);
    System.out.printf("%d links at %s: %.1f %% of a CPU%n", LINKS, BUDGET, 100 * share);
    Durations detections = cutAll(lab, links);
    System.out.println("all cut at once: " + detections.summary());
    assertTrue(detections.max().compareTo(BUDGET.plus(SLACK)) <= 0, detections::summary);
    return detections;
  }

  private static Durations cutAll(Lab lab, List<WatchedLink> links) throws Exception {
    Durations detections = new Durations();
    try (Fault cut = lab.source().drop()) {
      for (WatchedLink link : links) {
        detections.add(link.awaitFailure().callbackNs() - cut.startedNs());
      }
    }
    return detections;
  }

  @Test
  void theCostOfALinkIsStated() throws Exception {
    for (int budgetMs : BUDGETS_OF_COST_MS) {
      Duration budget = Duration.ofMillis(budgetMs);
      try (Lab lab = Lab.open();
          KeepaliveMonitor monitor = lab.backup().call(KeepaliveMonitor::open)) {
        Programs.source(lab);
        List<WatchedLink> links = watch(lab, monitor, LINKS_OF_COST, budget);
        tell(budget, cpuShareWhile(Duration.ofSeconds(COST_SECONDS.length())));
        links.forEach(WatchedLink::assertNoFailover);
      }
    }
  }

  private static void tell(Duration budget, double share) {
    double usPerLinkAndSecond = 1e6 * share / LINKS_OF_COST;
    Duration interval = KeepaliveOptions.detectWithin(budget).probeInterval().orElseThrow();
    System.out.printf(
        "cost at %s: %.0f us of CPU for a link and second, %.1f us for a probe%n",
        budget, usPerLinkAndSecond, usPerLinkAndSecond * interval.toNanos() / 1e9);
  }

  private static List<WatchedLink> watch(
      Lab lab, KeepaliveMonitor monitor, int count, Duration budget) throws Exception {
    InetSocketAddress source = new InetSocketAddress(lab.source().ipv4(), Testbed.PORT);
    KeepaliveOptions options = KeepaliveOptions.detectWithin(budget);
    List<WatchedLink> links = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      KeepaliveSocket link = lab.backup().call(() -> KeepaliveSocket.connect(source, options));
      links.add(WatchedLink.watch(monitor, link));
    }
    return links;
  }

  /** Kernel and user time of this process, which holds the backup's half alone. */
  private static double cpuShareWhile(Duration wall) throws InterruptedException {
    OperatingSystemMXBean process =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long cpuNs = process.getProcessCpuTime();
    long startNs = System.nanoTime();
    TimeUnit.NANOSECONDS.sleep(wall.toNanos());
    return (double) (process.getProcessCpuTime() - cpuNs) / (System.nanoTime() - startNs);
  }
}
