package io.github.keepalive4j.fast;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LinkListener;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/**
 * A backup in a JVM of its own, until its standard input ends. Its Java threads stop when it is
 * told so. It takes the source's address, and how many MB its heap holds.
 */
final class StoppingProgram {
  /** Connects and watches a link, with a listener. */
  static final String WATCH = "watch";

  /** Collects the whole heap. */
  static final String COLLECT = "collect";

  /** Writes the heap into the file that follows. */
  static final String DUMP = "dump";

  static final String READY = "ready";
  static final String UP = "up";

  /** The times before the threads stopped, after that, and of the link's verdict. */
  static final String STOPPED = "stopped";

  private static final int OBJECTS_PER_MB = 40_000; // 24 bytes each

  /** Made before, so that nothing but the dump stops the threads. */
  private static final HotSpotDiagnosticMXBean DIAGNOSTICS =
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);

  private final KeepaliveMonitor monitor;
  private final InetSocketAddress source;
  private CompletableFuture<Long> verdictNs = new CompletableFuture<>();

  private StoppingProgram(KeepaliveMonitor monitor, InetSocketAddress source) {
    this.monitor = monitor;
    this.source = source;
  }

  public static void main(String[] args) throws IOException {
    byte[][] live = new byte[Integer.parseInt(args[1]) * OBJECTS_PER_MB][];
    for (int i = 0; i < live.length; i++) {
      live[i] = new byte[1];
    }
    try (KeepaliveMonitor monitor = KeepaliveMonitor.open();
        BufferedReader commands =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      InetSocketAddress source = new InetSocketAddress(args[0], Testbed.PORT);
      StoppingProgram program = new StoppingProgram(monitor, source);
      System.out.println(READY);
      for (String line = commands.readLine(); line != null; line = commands.readLine()) {
        program.execute(line.split(" ", -1));
      }
      System.out.println(live.length); // the heap lives until here
    }
  }

  private void execute(String[] command) throws IOException {
    if (command[0].equals(WATCH)) {
      watch();
      return;
    }
    long beginNs = System.nanoTime();
    if (command[0].equals(DUMP)) {
      DIAGNOSTICS.dumpHeap(command[1], false);
    } else {
      System.gc();
    }
    long endNs = System.nanoTime();
    System.out.println(STOPPED + " " + beginNs + " " + endNs + " " + verdictNs.join());
  }

  private void watch() throws IOException {
    CompletableFuture<Long> verdict = new CompletableFuture<>();
    verdictNs = verdict;
    monitor.watch(
        KeepaliveSocket.connect(source, KeepaliveOptions.detectWithin(StoppedThreadsTest.BUDGET)),
        failover -> verdict.complete(failover.failure().verdictNs()),
        new LinkListener() {}); // so that a suspicion goes through Java
    System.out.println(UP);
  }
}
