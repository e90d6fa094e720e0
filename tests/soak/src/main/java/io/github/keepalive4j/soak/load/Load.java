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
 * Holds as many links open as it is told to: each has a life of random length, at whose end another
 * takes its place. What a link is and how it ends comes from the seed and the link's number.
 */
final class Load implements AutoCloseable {
  /** For connects to sources that don't answer not to keep others waiting. */
  private static final int THREADS = 48;

  private static final long FILL_MS = 2_000;
  private static final double MEAN_LIFE_MS = 30_000;
  private static final long LEAST_LIFE_MS = 100;
  private static final double UNWATCHED_SHARE = 0.2;
  private static final long MOST_UNWATCHED_MS = 1_000;
  private static final long RETRY_MS = 500;
  private static final long TERMINATION_MS = 10_000;

  private final List<SourceAddress> sources;
  private final long seed;
  private final EventLog log;
  private final KeepaliveMonitor monitor;
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

  EventLog log() {
    return log;
  }

  int size() {
    return held.size();
  }

  int sockets() {
    return held.size() + connecting.get();
  }

  void hold(HeldLink link) {
    held.add(link);
  }

  /** Counts the sockets that are no links yet. */
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

  /** Opens and closes a link of each kind: what is opened once and for all is open then. */
  void warmUp() throws IOException {
    for (Mechanism mechanism : Mechanism.values()) {
      for (Family family : Family.values()) {
        LinkKind kind = new LinkKind(mechanism, family, 0);
        HeldLink link = new HeldLink(this, nextName(), kind);
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

  /** Opens a link in the place of one that has ended. */
  void replace() {
    openIn(0);
  }

  private void openIn(long ms) {
    var unused = schedule(this::open, ms);
  }

  private Future<?> schedule(Runnable task, long ms) {
    return threads.schedule(() -> guarded(task), ms, TimeUnit.MILLISECONDS);
  }

  private void guarded(Runnable task) {
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
    int source = draw(random);
    HeldLink link = new HeldLink(this, name, new LinkKind(mechanism, family, source));
    try {
      link.open(sources.get(source).of(family));
      sources.get(source).found();
    } catch (IOException e) {
      sources.get(source).missed();
      openIn(RETRY_MS);
      return;
    }
    long lifeMs = LEAST_LIFE_MS + (long) (-Math.log(1 - random.nextDouble()) * MEAN_LIFE_MS);
    boolean unwatched = random.nextDouble() < UNWATCHED_SHARE;
    long unwatchedMs = (long) (random.nextDouble() * MOST_UNWATCHED_MS);
    link.plan(schedule(() -> end(link, unwatched, unwatchedMs), lifeMs));
  }

  /** Chooses a source, rather one that answered when it was last asked. */
  private int draw(Random random) {
    int source = random.nextInt(sources.size());
    for (int i = 0; i < sources.size() && sources.get(source).isToBeSpared(); i++) {
      source = random.nextInt(sources.size());
    }
    return source;
  }

  /** The next link comes first, so that there are never fewer than there have to be. */
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

  /** Looks at all links through the kernel's eyes. */
  void look() {
    held.forEach(HeldLink::look);
  }

  /** Opens and closes no more; the links that are watched stay so. */
  void calm() throws InterruptedException {
    threads.shutdown();
    if (!threads.awaitTermination(TERMINATION_MS, TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("links are still being opened");
    }
    held.stream().filter(HeldLink::isTaken).forEach(HeldLink::close);
  }

  /** Closes the links that are left. */
  void closeLinks() {
    threads.shutdownNow();
    held.stream().filter(HeldLink::take).forEach(HeldLink::close);
  }

  @Override
  public void close() {
    monitor.close();
  }
}
