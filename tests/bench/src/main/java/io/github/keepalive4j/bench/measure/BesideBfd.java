package io.github.keepalive4j.bench.measure;

import io.github.keepalive4j.Failure;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.bench.peer.BfdSession;
import io.github.keepalive4j.testkit.Fault;
import io.github.keepalive4j.testkit.Lab;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Measurement 6: the source's host is cut off silently, for a link at 30 ms and a BFD session in
 * the same namespaces. Both see the same cuts, at random phases of their timers.
 */
public final class BesideBfd {
  public static final String LINK = "keepalive4j, detectWithin(30 ms)";

  private static final Duration BUDGET = Duration.ofMillis(30);
  private static final int BFD_INTERVAL_MS = 10;
  private static final int[] BFD_MULTIPLIERS = {3, 5};
  private static final int PORT = 9999;
  private static final long TIMEOUT_S = 20;
  private static final long PHASE_NS = TimeUnit.MILLISECONDS.toNanos(40);

  private final int cuts;
  private final Random random = new Random();
  private final Map<String, Samples> detection = new LinkedHashMap<>();

  /** Prepares so many cuts beside each BFD session. */
  public BesideBfd(int cuts) {
    this.cuts = cuts;
  }

  /** Returns the times from just before the cut to the callback, or to keepalived's log, in ns. */
  public Map<String, Samples> run() throws Exception {
    Path folder = Files.createTempDirectory("beside-bfd");
    detection.put(LINK, new Samples(cuts * BFD_MULTIPLIERS.length));
    try (Lab lab = Lab.open();
        KeepaliveServer server =
            lab.source().call(() -> KeepaliveServer.open(new InetSocketAddress(PORT)));
        KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      for (int multiplier : BFD_MULTIPLIERS) {
        run(lab, monitor, folder, multiplier);
      }
    } finally {
      delete(folder);
    }
    return detection;
  }

  private void run(Lab lab, KeepaliveMonitor monitor, Path folder, int multiplier)
      throws Exception {
    String key = "keepalived, BFD " + BFD_INTERVAL_MS + " ms x " + multiplier;
    detection.put(key, new Samples(cuts));
    try (BfdSession session = BfdSession.start(lab, folder, BFD_INTERVAL_MS, multiplier)) {
      for (int i = 0; i < cuts; i++) {
        session.awaitUp();
        cut(lab, monitor, session, detection.get(key));
      }
    }
  }

  private void cut(Lab lab, KeepaliveMonitor monitor, BfdSession session, Samples bfd)
      throws Exception {
    CompletableFuture<Failure> failover = watch(lab, monitor);
    Pause.sleep(Duration.ofNanos(PHASE_NS + random.nextLong(PHASE_NS)));
    session.awaitUp(); // it may have gone down and up meanwhile
    int downs = session.downs();
    try (Fault cut = lab.source().drop()) {
      Failure failure = failover.get(TIMEOUT_S, TimeUnit.SECONDS);
      detection.get(LINK).add(failure.callbackNs() - cut.startedNs());
      bfd.add(session.awaitDownNs(downs + 1) - cut.startedNs());
    }
  }

  private static CompletableFuture<Failure> watch(Lab lab, KeepaliveMonitor monitor)
      throws Exception {
    InetSocketAddress source = new InetSocketAddress(lab.source().ipv4(), PORT);
    KeepaliveOptions options = KeepaliveOptions.detectWithin(BUDGET);
    KeepaliveSocket link = lab.backup().call(() -> KeepaliveSocket.connect(source, options));
    CompletableFuture<Failure> failover = new CompletableFuture<>();
    monitor.watch(link, event -> failover.complete(event.failure()));
    return failover;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
