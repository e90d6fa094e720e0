package com.example.standby;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveServer;
import io.github.keepalive4j.zookeeper.ZooKeeperGuard;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** A source and its backups, of which one at a time may act. A backup's argument is the source. */
class ClaimedPair {
  public static void main(String[] args) throws Exception {
    ServiceStart callback = new ServiceStart(List.of("systemctl", "start", "vm1"));
    Duration limit = Duration.ofSeconds(30);
    ZooKeeperGuard guard = ZooKeeperGuard.builder("zk1:2181,zk2:2181,zk3:2181", "vm1").open();
    if (args.length == 0) { // on the source
      KeepaliveServer.builder().guard(guard, limit).open(new InetSocketAddress(9999));
    } else { // on each backup
      InetSocketAddress source = new InetSocketAddress(args[0], 9999);
      KeepaliveMonitor monitor = KeepaliveMonitor.builder().guard(guard, limit).open();
      monitor.connect(source, KeepaliveOptions.defaults(), callback);
    }
  }
}
