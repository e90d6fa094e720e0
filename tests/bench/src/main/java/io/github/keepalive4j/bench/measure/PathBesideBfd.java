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
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A link and a BFD session on the same path between two hosts. */
final class PathBesideBfd implements AutoCloseable {
  private static final int PORT = 9999;
  private static final long TIMEOUT_S = 20;

  private final String key;
  private final KeepaliveMonitor monitor;
  private final Lab lab;
  private final KeepaliveServer server;
  private final BfdSession session;
  private CompletableFuture<Failure> failover; // of the link that is watched
  private long upSinceNs; // both are up
  private int downs; // of the session until then

  /** From just before the cut to the callback, and to keepalived's log. */
  record Detection(long linkNs, long bfdNs) {}

  private PathBesideBfd(
      String key, KeepaliveMonitor monitor, Lab lab, KeepaliveServer server, BfdSession session) {
    this.key = key;
    this.monitor = monitor;
    this.lab = lab;
    this.server = server;
    this.session = session;
  }

  static PathBesideBfd open(
      String key,
      KeepaliveMonitor monitor,
      Path folder,
      BfdSession.Settings settings,
      boolean isLinkRealTime)
      throws Exception {
    Lab lab = Lab.open();
    boolean complete = false;
    try {
      KeepaliveServer server = lab.source().call(() -> server(isLinkRealTime));
      BfdSession session = BfdSession.start(lab, folder, settings);
      PathBesideBfd path = new PathBesideBfd(key, monitor, lab, server, session);
      session.awaitUp();
      if (session.isRealTime() != settings.isRealTime()) {
        throw new IOException(key + ": real time is " + session.isRealTime());
      }
      complete = true;
      return path;
    } finally {
      if (!complete) {
        lab.close();
      }
    }
  }

  private static KeepaliveServer server(boolean isRealTime) throws IOException {
    KeepaliveServer.Builder server = KeepaliveServer.builder();
    if (isRealTime) {
      server.realtime(BfdSession.PRIORITY);
    }
    return server.open(new InetSocketAddress(PORT));
  }

  String key() {
    return key;
  }

  /** Watches a new link, and waits until the session is up. */
  void watch() throws Exception {
    InetSocketAddress source = new InetSocketAddress(lab.source().ipv4(), PORT);
    KeepaliveOptions options = KeepaliveOptions.detectWithin(BesideBfd.BUDGET);
    KeepaliveSocket link = lab.backup().call(() -> KeepaliveSocket.connect(source, options));
    CompletableFuture<Failure> failed = new CompletableFuture<>();
    monitor.watch(link, event -> failed.complete(event.failure()));
    failover = failed;
    noteUp();
  }

  private void noteUp() throws Exception {
    session.awaitUp();
    downs = session.downs();
    upSinceNs = System.nanoTime();
  }

  /** Waits until link and session have been left alone for so long. */
  void awaitAge(Duration age) throws Exception {
    while (session.downs() != downs || System.nanoTime() - upSinceNs < age.toNanos()) {
      if (session.downs() != downs) {
        noteUp();
      }
      Pause.sleep(age.minusNanos(System.nanoTime() - upSinceNs));
    }
  }

  /** Cuts the source off until both have noticed. */
  Detection cut() throws Exception {
    try (Fault cut = lab.source().drop()) {
      Failure failure = failover.get(TIMEOUT_S, TimeUnit.SECONDS);
      return new Detection(
          failure.callbackNs() - cut.startedNs(), session.awaitDownNs(downs + 1) - cut.startedNs());
    }
  }

  @Override
  public void close() throws IOException {
    session.close();
    server.close();
    lab.close();
  }
}
