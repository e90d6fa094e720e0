package io.github.keepalive4j.micrometer;

import io.github.keepalive4j.sockets.SocketRule;
import io.github.keepalive4j.sockets.SocketSweeper;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of one {@link SocketSweeper}.
 *
 * <table>
 *   <caption>Meters</caption>
 *   <tr><th>name</th><th>type</th><th>tag</th><th>what</th></tr>
 *   <tr><td>{@code keepalive.sockets.governed}</td><td>gauge</td><td>{@code rule}</td>
 *       <td>open sockets that have the rule</td></tr>
 *   <tr><td>{@code keepalive.sockets.set.again}</td><td>counter</td><td></td>
 *       <td>options set again, because somebody else had changed them</td></tr>
 *   <tr><td>{@code keepalive.sockets.dead.peers}</td><td>counter</td><td></td>
 *       <td>connections that the kernel ended because their peers were silent</td></tr>
 *   <tr><td>{@code keepalive.sockets.spared}</td><td>counter</td><td></td>
 *       <td>connections spared whose peers acknowledge but don't read</td></tr>
 *   <tr><td>{@code keepalive.sockets.stuck}</td><td>counter</td><td>{@code ended}</td>
 *       <td>connections found stuck: shut down ({@code true}) or not ({@code false})</td></tr>
 *   <tr><td>{@code keepalive.sockets.refused}</td><td>counter</td><td></td>
 *       <td>sockets whose options the kernel refused to set</td></tr>
 *   <tr><td>{@code keepalive.sockets.sweep}</td><td>timer</td><td></td>
 *       <td>the sweeps</td></tr>
 *   <tr><td>{@code keepalive.sockets.sweeps.failed}</td><td>counter</td><td></td>
 *       <td>sweeps that failed</td></tr>
 * </table>
 *
 * <p>Needs the module {@code io.github.keepalive4j.sockets}, which the rest of this one doesn't.
 * The registry holds the sweeper weakly.
 */
public final class SocketSweeperMetrics implements MeterBinder {
  private final SocketSweeper sweeper;
  private final Tags tags;

  /**
   * Makes the metrics of a sweeper.
   *
   * @param sweeper the sweeper, open
   */
  public SocketSweeperMetrics(SocketSweeper sweeper) {
    this(sweeper, Tags.empty());
  }

  /**
   * Makes the metrics of a sweeper, with tags of their own.
   *
   * @param sweeper the sweeper, open
   * @param tags on each meter
   */
  public SocketSweeperMetrics(SocketSweeper sweeper, Iterable<Tag> tags) {
    this.sweeper = Objects.requireNonNull(sweeper, "sweeper");
    this.tags = KeepaliveMonitorMetrics.tagsOf(tags);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Objects.requireNonNull(registry, "registry");
    for (SocketRule rule : sweeper.rules().rules()) {
      Gauge.builder("keepalive.sockets.governed", sweeper, one -> one.governed(rule))
          .description("Open sockets that have the rule")
          .tags(tags.and("rule", rule.toString()))
          .register(registry);
    }
    counter("set.again", "Options set again", SocketSweeper::setAgain, registry);
    counter("dead.peers", "Connections to silent peers ended", SocketSweeper::deadPeers, registry);
    counter("spared", "Peers that acknowledge but don't read", SocketSweeper::spared, registry);
    String stuck = "Connections found stuck";
    counter("stuck", stuck, SocketSweeper::ended, registry, "ended", "true");
    counter("stuck", stuck, one -> one.stuck() - one.ended(), registry, "ended", "false");
    counter("refused", "Sockets with options refused", SocketSweeper::refused, registry);
    counter("sweeps.failed", "Sweeps that failed", SocketSweeper::failedSweeps, registry);
    FunctionTimer.builder(
            "keepalive.sockets.sweep",
            sweeper,
            SocketSweeper::sweeps,
            one -> one.sweepTime().toNanos(),
            TimeUnit.NANOSECONDS)
        .description("Sweeps")
        .tags(tags)
        .register(registry);
  }

  private void counter(
      String name,
      String description,
      ToDoubleFunction<SocketSweeper> count,
      MeterRegistry registry,
      String... more) {
    FunctionCounter.builder("keepalive.sockets." + name, sweeper, count)
        .description(description)
        .tags(tags.and(more))
        .register(registry);
  }
}
