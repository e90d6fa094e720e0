package io.github.keepalive4j.soak.load;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.soak.fault.Family;
import io.github.keepalive4j.soak.fault.Mechanism;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Holds a given number of links open. Each lives for a random time, then another replaces it. The
 * seed and the link's number determine its kind, its life and how it ends.
 */
final class Load implements AutoCloseable {
  /** Enough that connects to sources that don't answer don't delay others. */
  private static final int THREADS = 48;

  private static final long FILL_MS = 2_000;
  private static final double MEAN_LIFE_MS = 30_000;
  private static final long LEAST_LIFE_MS = 100;
  private static final double UNWATCHED_SHARE = 0.2;
  private static final double STEPPED_SHARE = 0.1; // as long as there are threads for them
  private static final long MOST_UNWATCHED_MS = 1_000;
  private static final long RETRY_MS = 500;
  private static final long TERMINATION_MS = 10_000;

  private final List<SourceAddress> sources;
  private final long seed;
  private final EventLog log;
  private final KeepaliveMonitor monitor;
  private final SteppingThreads stepping = new SteppingThreads();
  private final Set<HeldLink> held = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connecting = new AtomicInteger();
  private final AtomicInteger numbers = new AtomicInteger();
  private final ScheduledThreadPoolExecutor threads;

  Load(List<SourceAddress> sources, long seed, EventLog log) throws IOException {
    this.sources = sources;
    this.seed = seed;
    this.log = log;
    monitor =
        KeepaliveMonitor.builder()
            .failoverWhenAborted(true)
            .errorHandler((link, error) -> log.error(LoadEvent.NO_LINK, error))
            .open();
    threads = new ScheduledThreadPoolExecutor(THREADS, new ThreadPoolExecutor.DiscardPolicy());
    threads.setRemoveOnCancelPolicy(true);
    threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    threads.prestartAllCoreThreads();
  }

  /** Connects a link. */
  interface Connect {
    KeepaliveSocket call() throws IOException;
  }

  KeepaliveMonitor monitor() {
    return monitor;
  }

  SteppingThreads stepping() {
    return stepping;
  }

  EventLog log() {
    return log;
  }

  int size() {
    return held.size();
  }

  /** Returns how many descriptors the links have. */
  int sockets() {
    return held.size() + connecting.get() + stepping.reserved();
  }

  void hold(HeldLink link) {
    held.add(link);
  }

  /** Connects a link, and counts its socket meanwhile. */
  KeepaliveSocket connect(Connect connect) throws IOException {
    connecting.incrementAndGet();
    try {
      return connect.call();
    } finally {
      connecting.decrementAndGet();
    }
  }

  void release(HeldLink link) {
    held.remove(link);
  }

  /**
   * Opens and closes a link of each kind, so that everything opened once only is open afterwards.
   */
  void warmUp() throws IOException {
    for (Mechanism mechanism : Mechanism.values()) {
      for (Family family : Family.values()) {
        LinkKind kind = new LinkKind(mechanism, family, 0);
        HeldLink link = new HeldLink(this, nextName(), kind, false);
        link.open(sources.get(0).of(family));
        link.take();
        link.close();
      }
    }
  }

  void fill(int links) {
    for (int i = 0; i < links; i++) {
      openIn(FILL_MS * i / links);
    }
  }

  /** Opens a link to replace one that has ended. */
  void replace() {
    openIn(0);
  }

  private void openIn(long ms) {
    var unused = schedule(this::open, ms);
  }

  private Future<?> schedule(Runnable task, long ms) {
    return threads.schedule(() -> logErrors(task), ms, TimeUnit.MILLISECONDS);
  }

  private void logErrors(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      log.error(LoadEvent.NO_LINK, e);
      throw e;
    }
  }

  private String nextName() {
    return Integer.toString(numbers.incrementAndGet());
  }

  private void open() {
    String name = nextName();
    Random random = new Random(seed + name.hashCode());
    Mechanism[] mechanisms = Mechanism.values();
    Family[] families = Family.values();
    Mechanism mechanism = mechanisms[random.nextInt(mechanisms.length)];
    Family family = families[random.nextInt(families.length)];
    int source = chooseSource(random);
    boolean stepped = random.nextDouble() < STEPPED_SHARE && stepping.reserve();
    HeldLink link = new HeldLink(this, name, new LinkKind(mechanism, family, source), stepped);
    try {
      link.open(sources.get(source).of(family));
      sources.get(source).connected();
    } catch (IOException e) {
      sources.get(source).failed();
      openIn(RETRY_MS);
      return;
    }
    long lifeMs = LEAST_LIFE_MS + (long) (-Math.log(1 - random.nextDouble()) * MEAN_LIFE_MS);
    boolean unwatched = random.nextDouble() < UNWATCHED_SHARE;
    long unwatchedMs = (long) (random.nextDouble() * MOST_UNWATCHED_MS);
    link.plan(schedule(() -> end(link, unwatched, unwatchedMs), lifeMs));
  }

  /** Chooses a random source, preferably one whose last connect succeeded. */
  private int chooseSource(Random random) {
    int source = random.nextInt(sources.size());
    for (int i = 0; i < sources.size() && sources.get(source).isBackingOff(); i++) {
      source = random.nextInt(sources.size());
    }
    return source;
  }

  /** Ends a link. Opens its successor first, so that there are never too few. */
  private void end(HeldLink link, boolean unwatched, long unwatchedMs) {
    if (!link.take()) {
      return;
    }
    open();
    if (unwatched) {
      link.unwatch();
      var unused = schedule(link::close, unwatchedMs);
    } else {
      link.close();
    }
  }

  /** Checks the kernel's state of all links. */
  void checkStates() {
    held.forEach(HeldLink::checkState);
  }

  /** Opens and closes no more links. Links that are watched stay open. */
  void quiesce() throws InterruptedException {
    threads.shutdown();
    if (!threads.awaitTermination(TERMINATION_MS, TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("links are still being opened");
    }
    held.stream().filter(HeldLink::isTaken).forEach(HeldLink::close);
  }

  /** Closes the links that are still open. */
  void closeLinks() {
    threads.shutdownNow();
    held.stream().filter(HeldLink::take).forEach(HeldLink::close);
  }

  @Override
  public void close() {
    monitor.close();
    stepping.close();
  }
}
