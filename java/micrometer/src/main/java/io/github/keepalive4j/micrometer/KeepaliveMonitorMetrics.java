package io.github.keepalive4j.micrometer;

import io.github.keepalive4j.Failure;
import io.github.keepalive4j.FailureCause;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.MonitorListener;
import io.github.keepalive4j.Watch;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The metrics of a {@link io.github.keepalive4j.KeepaliveMonitor}, as its {@linkplain
 * io.github.keepalive4j.KeepaliveMonitor.Builder#listener listener}.
 *
 * <table>
 *   <caption>Meters</caption>
 *   <tr><th>name</th><th>type</th><th>tag</th><th>what</th></tr>
 *   <tr><td>{@code keepalive.monitors}</td><td>gauge</td><td>{@code state}</td>
 *       <td>open monitors: {@code working}, or {@code failing} while one can't wait for events and so
 *       watches no link</td></tr>
 *   <tr><td>{@code keepalive.links}</td><td>gauge</td><td>{@code state}</td>
 *       <td>links watched: {@code up}, {@code suspect}, or {@code failed} until the callback has
 *       returned</td></tr>
 *   <tr><td>{@code keepalive.link.silence}</td><td>gauge, s</td><td>{@code peer}</td>
 *       <td>time since the source's kernel was heard</td></tr>
 *   <tr><td>{@code keepalive.link.rtt}</td><td>gauge, s</td><td>{@code peer}</td>
 *       <td>the smoothed round-trip time</td></tr>
 *   <tr><td>{@code keepalive.link.probes.unanswered}</td><td>gauge</td><td>{@code peer}</td>
 *       <td>keepalive probes unanswered, or probe bytes unacknowledged</td></tr>
 *   <tr><td>{@code keepalive.failovers}</td><td>counter</td><td>{@code cause}</td>
 *       <td>callbacks called, by the cause of the failure that decided</td></tr>
 *   <tr><td>{@code keepalive.failovers.declined}</td><td>counter</td><td></td>
 *       <td>failovers that the guard declined</td></tr>
 *   <tr><td>{@code keepalive.last.decline.timestamp}</td><td>gauge</td><td></td>
 *       <td>when the guard declined last, in seconds since 1970; 0 if it never did</td></tr>
 *   <tr><td>{@code keepalive.confirmed}</td><td>counter</td><td></td>
 *       <td>links whose source answered again after their end, so that there was no failover</td></tr>
 *   <tr><td>{@code keepalive.violations}</td><td>counter</td><td></td>
 *       <td>links closed for a byte that the link doesn't know</td></tr>
 *   <tr><td>{@code keepalive.journal.late}</td><td>counter</td><td></td>
 *       <td>lines that weren't on the disk within the journal's timeout</td></tr>
 *   <tr><td>{@code keepalive.failover.delay}</td><td>timer</td><td></td>
 *       <td>from the verdict to the callback, the guard's time included</td></tr>
 *   <tr><td>{@code keepalive.failover.callback}</td><td>timer</td><td>{@code outcome}</td>
 *       <td>the callback: {@code success}, or {@code error} if it threw</td></tr>
 * </table>
 *
 * <p>A peer's gauges exist from its first link to its last. Of several links the worst counts. They
 * are read from the kernel when the registry asks, and are NaN on the pure-JDK path. Peers beyond
 * the limit have no gauges, but count in all other meters.
 *
 * <p>Thread-safe. One instance may listen to several monitors.
 */
public final class KeepaliveMonitorMetrics implements MonitorListener {
  /** How many peers have gauges of their own by default. */
  public static final int DEFAULT_MAX_PEERS = 1_000;

  private static final double MS_PER_S = 1e3;

  private final MeterRegistry registry;
  private final Tags tags;
  private final int maxPeers;
  private final Set<KeepaliveMonitor> monitors = ConcurrentHashMap.newKeySet(); // that are open
  private final LinkStates states = new LinkStates();
  private final Map<InetSocketAddress, PeerMeters> peers = new HashMap<>(); // guarded by itself
  private final Map<FailureCause, Counter> failovers = new EnumMap<>(FailureCause.class);
  private final Counter declined;
  private final AtomicLong lastDeclineMs = new AtomicLong(); // since 1970; 0 for never
  private final Counter confirmed;
  private final Counter violations;
  private final Counter journalLate;
  private final Timer delay;
  private final Timer succeeded;
  private final Timer failed;

  /**
   * Registers the meters, without tags of their own and for {@value #DEFAULT_MAX_PEERS} peers.
   *
   * @param registry where they go
   */
  public KeepaliveMonitorMetrics(MeterRegistry registry) {
    this(registry, Tags.empty(), DEFAULT_MAX_PEERS);
  }

  /**
   * Registers the meters.
   *
   * @param registry where they go
   * @param tags on each meter
   * @param maxPeers how many peers at a time have gauges of their own, 0 and more
   * @throws IllegalArgumentException if {@code maxPeers} is negative
   */
  public KeepaliveMonitorMetrics(MeterRegistry registry, Iterable<Tag> tags, int maxPeers) {
    if (maxPeers < 0) {
      throw new IllegalArgumentException("maxPeers " + maxPeers + " is not from 0");
    }
    this.registry = Objects.requireNonNull(registry, "registry");
    this.tags = tagsOf(tags);
    this.maxPeers = maxPeers;
    monitorGauge("working", true);
    monitorGauge("failing", false);
    for (LinkStates.State state : LinkStates.State.values()) {
      Gauge.builder("keepalive.links", states, links -> links.count(state))
          .description("Links watched")
          .tags(this.tags.and("state", label(state)))
          .strongReference(true)
          .register(registry);
    }
    for (FailureCause cause : FailureCause.values()) {
      failovers.put(
          cause,
          counter("keepalive.failovers", "Failover callbacks called", "cause", label(cause)));
    }
    declined = counter("keepalive.failovers.declined", "Failovers that the guard declined");
    Gauge.builder("keepalive.last.decline.timestamp", lastDeclineMs, ms -> ms.get() / MS_PER_S)
        .description("When the guard declined last")
        .baseUnit("seconds")
        .tags(this.tags)
        .strongReference(true)
        .register(registry);
    confirmed = counter("keepalive.confirmed", "Links whose source answered again");
    violations =
        counter("keepalive.violations", "Links closed for a byte that the link doesn't know");
    journalLate =
        counter(
            "keepalive.journal.late",
            "Lines that weren't on the disk within the journal's timeout");
    delay = timer("keepalive.failover.delay", "From the verdict to the callback");
    succeeded = timer("keepalive.failover.callback", "The callback", "outcome", "success");
    failed = timer("keepalive.failover.callback", "The callback", "outcome", "error");
  }

  /** Copies tags. Micrometer takes null for none. */
  static Tags tagsOf(Iterable<Tag> tags) {
    for (Tag tag : Objects.requireNonNull(tags, "tags")) {
      if (tag == null) {
        throw new NullPointerException("tags contains null");
      }
    }
    return Tags.of(tags);
  }

  private void monitorGauge(String state, boolean working) {
    Gauge.builder("keepalive.monitors", monitors, open -> count(open, working))
        .description("Monitors open")
        .tags(tags.and("state", state))
        .strongReference(true)
        .register(registry);
  }

  private static long count(Set<KeepaliveMonitor> monitors, boolean working) {
    return monitors.stream().filter(monitor -> monitor.isWorking() == working).count();
  }

  private static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private Counter counter(String name, String description, String... more) {
    return Counter.builder(name).description(description).tags(tags.and(more)).register(registry);
  }

  private Timer timer(String name, String description, String... more) {
    return Timer.builder(name).description(description).tags(tags.and(more)).register(registry);
  }

  /**
   * Tells whether a link is watched that hasn't failed. Without one no failover can come.
   *
   * @return whether {@code keepalive.links} counts a link as {@code up} or {@code suspect}
   */
  public boolean isWatching() {
    return states.count(LinkStates.State.UP) + states.count(LinkStates.State.SUSPECT) > 0;
  }

  @Override
  public void onOpened(KeepaliveMonitor monitor) {
    monitors.add(Objects.requireNonNull(monitor, "monitor"));
  }

  @Override
  public void onClosed(KeepaliveMonitor monitor) {
    monitors.remove(Objects.requireNonNull(monitor, "monitor"));
  }

  @Override
  public void onUp(LinkUpdate event) {
    KeepaliveSocket link = Objects.requireNonNull(event, "event").link();
    states.add(link);
    synchronized (peers) {
      PeerMeters meters = peers.get(link.peer());
      if (meters == null && peers.size() < maxPeers) {
        meters = new PeerMeters(registry, tags.and("peer", event.peerText()));
        peers.put(link.peer(), meters);
      }
      if (meters != null) {
        meters.add(link);
      }
    }
  }

  @Override
  public void onSuspect(LinkUpdate event) {
    states.change(Objects.requireNonNull(event, "event").link(), LinkStates.State.SUSPECT);
  }

  @Override
  public void onRecovered(LinkUpdate event) {
    states.change(Objects.requireNonNull(event, "event").link(), LinkStates.State.UP);
  }

  @Override
  public void onJournalLate(JournalDelay event) {
    Objects.requireNonNull(event, "event");
    journalLate.increment();
  }

  @Override
  public void onVerdict(Failure failure) {
    if (Objects.requireNonNull(failure, "failure").cause() == FailureCause.VIOLATED) {
      violations.increment();
    }
    states.change(failure.link(), LinkStates.State.FAILED);
  }

  @Override
  public void onConfirmed(Confirmation event) {
    Objects.requireNonNull(event, "event");
    confirmed.increment();
  }

  @Override
  public void onEnded(Watch.End end) {
    Objects.requireNonNull(end, "end")
        .failover()
        .ifPresent(failover -> count(failover.failure(), end));
    if (end.kind() == Watch.End.Kind.DECLINED) {
      lastDeclineMs.set(System.currentTimeMillis());
      declined.increment();
    }
  }

  private void count(Failure deciding, Watch.End end) {
    failovers.get(deciding.cause()).increment();
    delay.record(deciding.callbackNs() - deciding.verdictNs(), TimeUnit.NANOSECONDS);
    (end.thrown().isEmpty() ? succeeded : failed).record(end.callbackTime().orElseThrow());
  }

  @Override
  public void onUnwatched(LinkUpdate event) {
    KeepaliveSocket link = Objects.requireNonNull(event, "event").link();
    states.remove(link);
    synchronized (peers) {
      PeerMeters meters = peers.get(link.peer());
      if (meters != null && meters.remove(link)) {
        peers.remove(link.peer());
      }
    }
  }
}
