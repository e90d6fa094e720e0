package io.github.keepalive4j.zookeeper;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.Failover;
import io.github.keepalive4j.FailoverCallback;
import io.github.keepalive4j.Journal;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.KeepaliveSocket;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A backup that runs until its standard input ends. After a takeover it serves as a source, runs a
 * workload, and acts every 5 ms as long as its claim is valid.
 */
final class BackupProgram implements FailoverCallback {
  private static final long ACT_EVERY_MS = 5;

  private final Journal journal;
  private final ZooKeeperGuard guard;
  private final InetSocketAddress own;
  private final Workload workload;

  private BackupProgram(Journal journal, ZooKeeperGuard guard, InetSocketAddress own) {
    this.journal = journal;
    this.guard = guard;
    this.own = own;
    this.workload = new Workload(journal);
  }

  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[3]);
    InetSocketAddress source = new InetSocketAddress(InetAddress.getByName(arguments[1]), port);
    InetSocketAddress own = new InetSocketAddress(InetAddress.getByName(arguments[2]), port);
    try (Journal journal = Journal.open(Path.of(arguments[4]), Duration.ofSeconds(30));
        ZooKeeperGuard guard =
            ZooKeeperGuard.builder(arguments[0], "vm1")
                .sessionTimeout(Duration.ofSeconds(3))
                .holder("first")
                .open();
        KeepaliveMonitor monitor =
            KeepaliveMonitor.builder()
                .guard(guard, Duration.ofSeconds(20))
                .journal(journal)
                .open()) {
      guard.awaitConnected(Duration.ofSeconds(20));
      monitor.watch(
          KeepaliveSocket.connect(source, KeepaliveOptions.defaults()),
          new BackupProgram(journal, guard, own));
      System.out.println("armed");
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }

  @Override
  public void onFailover(Failover failover) throws IOException, InterruptedException {
    Claim claim = failover.claim().orElseThrow();
    workload.start(claim);
    failover.onClaimLost(
        loss -> {
          System.out.println("lost: " + loss.reason());
          workload.stop();
        });
    long token = claim.token().orElseThrow();
    System.out.println("callback " + token);
    try (KeepaliveServer server =
        KeepaliveServer.builder().guard(guard, Duration.ofSeconds(20)).open(own)) {
      System.out.println("serving at " + server.localAddress());
      long begunNs = System.nanoTime();
      while (claim.isValid()) {
        journal.append("act", Map.of("token", token, "begunNs", begunNs));
        TimeUnit.MILLISECONDS.sleep(ACT_EVERY_MS);
        begunNs = System.nanoTime();
      }
    }
    System.out.println("stopped acting");
  }
}
