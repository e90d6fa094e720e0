package com.example.standby;

import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.Watch;
import io.github.keepalive4j.qemu.ContAction;
import io.github.keepalive4j.qemu.QmpAddress;
import io.github.keepalive4j.qemu.QmpSession;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Starts a paused copy of a virtual machine once the machine's host is gone. */
class VirtualMachine {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  public static void main(String[] args) throws Exception {
    InetSocketAddress source = new InetSocketAddress(args[0], 9999);
    KeepaliveOptions options = KeepaliveOptions.defaults();
    try (QmpSession qemu = QmpSession.open(QmpAddress.parse("/run/vm.qmp"));
        KeepaliveMonitor monitor = KeepaliveMonitor.open()) {
      Watch watch = monitor.connect(source, options, failover -> new ContAction().run(qemu, LIMIT));
      System.out.println(watch.ended().toCompletableFuture().join());
    }
  }
}
