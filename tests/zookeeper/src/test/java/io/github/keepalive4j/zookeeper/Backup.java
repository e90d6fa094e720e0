package io.github.keepalive4j.zookeeper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimLoss;
import io.github.keepalive4j.Failover;
import io.github.keepalive4j.FailoverCallback;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.Journal;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.LinkListener;
import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.support.FailingSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A backup in this JVM with a guard, a journal, and a workload that runs once it took over. */
final class Backup implements AutoCloseable, FailoverCallback, LinkListener {
  private static final Duration GUARD_TIMEOUT = Duration.ofSeconds(20);

  private final String name;
  private final Path journalFile;
  private final Journal journal;
  private final ZooKeeperGuard guard;
  private final KeepaliveMonitor monitor;
  private final Workload workload;
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private volatile CompletableFuture<Void> stopped = CompletableFuture.completedFuture(null);
  private volatile Failover failover;
  private KeepaliveServer server; // null until it serves

  private Backup(
      String name,
      Path directory,
      ZooKeeperGuard.Builder builder,
      UnaryOperator<TakeoverGuard> more,
      Duration guardTimeout)
      throws IOException {
    this.name = name;
    this.journalFile = directory.resolve(name + ".journal");
    this.journal = Journal.open(journalFile, Duration.ofSeconds(30));
    this.workload = new Workload(journal);
    this.guard = builder.holder(name).open();
    this.monitor =
        KeepaliveMonitor.builder().guard(more.apply(guard), guardTimeout).journal(journal).open();
  }

  static Backup open(
      String name,
      Path directory,
      String connectString,
      UnaryOperator<ZooKeeperGuard.Builder> setUp)
      throws IOException {
    return open(name, directory, connectString, setUp, UnaryOperator.identity(), GUARD_TIMEOUT);
  }

  /** Opens a backup whose guard may ask more than the ensemble. */
  static Backup open(
      String name,
      Path directory,
      String connectString,
      UnaryOperator<ZooKeeperGuard.Builder> setUp,
      UnaryOperator<TakeoverGuard> more,
      Duration guardTimeout)
      throws IOException {
    ZooKeeperGuard.Builder builder = setUp.apply(ZooKeeperGuard.builder(connectString, "vm1"));
    return new Backup(name, directory, builder, more, guardTimeout);
  }

  void awaitConnected() throws InterruptedException {
    assertTrue(guard.awaitConnected(Duration.ofSeconds(20)), name + " isn't connected");
  }

  void watch(InetSocketAddress source, KeepaliveOptions options) throws IOException {
    monitor.watch(KeepaliveSocket.connect(source, options), this, this);
  }

  /** Watches a source with the default options, and lets it accept the link. */
  void watch(FailingSource source) throws IOException {
    watch(source.address(), KeepaliveOptions.defaults());
    source.accept();
  }

  Path journalFile() {
    return journalFile;
  }

  ZooKeeperGuard guard() {
    return guard;
  }

  String next() throws InterruptedException {
    String next = heard.poll(30, TimeUnit.SECONDS);
    assertNotNull(next, name + " heard nothing");
    return next;
  }

  void expect(String what) throws InterruptedException {
    assertEquals(what, next(), name);
  }

  void expectNothingFor(Duration time) throws InterruptedException {
    assertNull(heard.poll(time.toMillis(), TimeUnit.MILLISECONDS), name);
  }

  boolean hasHeardNothing() {
    return heard.isEmpty();
  }

  /** Returns the failure of the callback, or null before it. */
  Failure failure() {
    return failover == null ? null : failover.failure();
  }

  Claim claim() {
    return failover.claim().orElseThrow();
  }

  long token() {
    return claim().token().orElseThrow();
  }

  /** Stops the workload, and releases the claim then. */
  void release() {
    workload.stop();
    claim().release();
  }

  /** Serves on the claim, so that others may be armed against it. */
  void serve() throws IOException {
    server =
        KeepaliveServer.builder()
            .guard(guard, Duration.ofSeconds(20))
            .open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /** Likewise, beside the takeover, and advertises where. */
  InetSocketAddress advertise(ClaimWatch claims) throws IOException {
    server =
        KeepaliveServer.builder()
            .guard(claims.serving(), Duration.ofSeconds(20))
            .open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    assertTrue(claims.advertise(server.localAddress().toString()));
    return server.localAddress();
  }

  /** Returns where it serves. */
  InetSocketAddress address() throws IOException {
    return server.localAddress();
  }

  @Override
  public void onFailover(Failover begun) {
    failover = begun;
    begun.claim().ifPresent(workload::start);
    begun.onClaimLost(this::stop);
    heard.add("callback");
  }

  private void stop(ClaimLoss loss) {
    heard.add("lost: " + loss.reason());
    stopped.join();
    workload.stop();
  }

  /** Delays the stop after the loss of the claim until the returned future completes. */
  CompletableFuture<Void> stopLate() {
    stopped = new CompletableFuture<>();
    return stopped;
  }

  @Override
  public void onEnded(Watch.End end) {
    if (end.kind() == Watch.End.Kind.DECLINED) {
      heard.add("declined: " + end.reason().orElseThrow());
    }
  }

  @Override
  public void close() throws IOException {
    workload.close();
    monitor.close();
    if (server != null) {
      server.close();
    }
    guard.close();
    journal.close();
  }

  @Override
  public String toString() {
    return name;
  }
}
