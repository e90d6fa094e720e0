package io.github.keepalive4j.bench.measure;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.bench.peer.BfdSession;
import io.github.keepalive4j.support.BusyLoops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Measurement 6: the source's host is cut off silently, for a link at 30 ms and a BFD session in
 * the same namespaces. Both see the same cuts, at random phases of their timers, and both have been
 * left alone for 5 s or more. Each kind of session has a lab of its own: all of them age at once,
 * and are cut one after the other.
 */
public final class BesideBfd {
  public static final String LINK = "keepalive4j, detectWithin(30 ms)";

  static final Duration BUDGET = Duration.ofMillis(30);

  /** Ends the key of a session whose keepalived runs in real time. */
  public static final String REAL_TIME = ", real time";

  /** How long links and sessions are left alone at least. */
  public static final Duration LEAST_AGE = Duration.ofSeconds(5);

  private static final int BFD_INTERVAL_MS = 10;
  private static final int[] BFD_MULTIPLIERS = {3, 5};
  private static final long PHASE_NS = Duration.ofMillis(40).toNanos();

  private final int cuts;
  private final int busy;
  private final Random random = new Random();
  private final Map<String, Samples> detection = new LinkedHashMap<>();

  /** Prepares so many cuts beside each BFD session, and beside so many processes that count. */
  public BesideBfd(int cuts, int busy) {
    this.cuts = cuts;
    this.busy = busy;
  }

  /** Returns the times from just before the cut to the callback, or to keepalived's log, in ns. */
  public Map<String, Samples> run() throws Exception {
    Path folder = Files.createTempDirectory("beside-bfd");
    List<PathBesideBfd> paths = new ArrayList<>();
    detection.put(LINK, new Samples(cuts));
    try (BusyLoops loops = BusyLoops.start(busy, folder);
        KeepaliveMonitor monitor = monitor()) {
      open(paths, monitor, folder);
      loops.goFirstWithChildren();
      for (int i = 0; i < cuts; i++) {
        cutAll(paths);
      }
    } finally {
      for (PathBesideBfd path : paths) {
        path.close();
      }
      delete(folder);
    }
    return detection;
  }

  private KeepaliveMonitor monitor() throws IOException {
    KeepaliveMonitor.Builder monitor = KeepaliveMonitor.builder();
    if (busy > 0) {
      monitor.realtime(BfdSession.PRIORITY);
    }
    return monitor.open();
  }

  private void open(List<PathBesideBfd> paths, KeepaliveMonitor monitor, Path folder)
      throws Exception {
    for (int multiplier : BFD_MULTIPLIERS) {
      for (boolean isRealTime : busy > 0 ? new boolean[] {true} : new boolean[] {false, true}) {
        String key = "keepalived, BFD " + BFD_INTERVAL_MS + " ms x " + multiplier;
        key += isRealTime ? REAL_TIME : "";
        detection.put(key, new Samples(cuts));
        Path own = Files.createDirectory(folder.resolve(Integer.toString(paths.size())));
        paths.add(
            PathBesideBfd.open(
                key,
                monitor,
                own,
                new BfdSession.Settings(BFD_INTERVAL_MS, multiplier, isRealTime),
                busy > 0));
      }
    }
  }

  private void cutAll(List<PathBesideBfd> paths) throws Exception {
    for (PathBesideBfd path : paths) {
      path.watch();
    }
    for (PathBesideBfd path : paths) {
      path.awaitAge(LEAST_AGE);
    }
    List<PathBesideBfd> turns = new ArrayList<>(paths);
    Collections.shuffle(turns, random);
    for (PathBesideBfd path : turns) {
      Pause.sleep(Duration.ofNanos(random.nextLong(PHASE_NS)));
      path.awaitAge(LEAST_AGE); // its session may have gone down and up meanwhile
      PathBesideBfd.Detection times = path.cut();
      detection.get(LINK).add(times.linkNs());
      detection.get(path.key()).add(times.bfdNs());
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
