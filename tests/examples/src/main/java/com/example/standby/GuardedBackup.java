package com.example.standby;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.Watch;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * One of several backups of a source: only the one that gets the lease takes over. Its arguments
 * are the source's address, the lease's, and the command that starts the service.
 */
class GuardedBackup {
  public static void main(String[] args) throws Exception {
    LeaseGuard guard = new LeaseGuard(URI.create(args[1]));
    try (KeepaliveMonitor monitor =
        KeepaliveMonitor.builder().guard(guard, Duration.ofSeconds(5)).open()) {
      InetSocketAddress source = new InetSocketAddress(args[0], 9999);
      ServiceStart takeover = new ServiceStart(List.of(args).subList(2, args.length));
      Watch watch = monitor.connect(source, KeepaliveOptions.defaults(), takeover);
      System.out.println("standing by");
      System.out.println(watch.ended().toCompletableFuture().join());
      takeover.running().ifPresent(service -> service.onExit().join());
    }
  }
}
