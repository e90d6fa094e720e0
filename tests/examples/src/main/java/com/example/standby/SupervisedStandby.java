package com.example.standby;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.Liveness;
import io.github.keepalive4j.Standby;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Waits for its source, and for each that comes after it, until one dies or hangs. */
class SupervisedStandby {
  private static final class Progress implements Standby.Listener {
    @Override
    public void onStateChanged(Standby.StateChange change) {
      System.out.println(change);
    }
  }

  public static void main(String[] args) throws Exception {
    try (Standby standby =
        Standby.builder(() -> new InetSocketAddress(args[0], 9999))
            .options(KeepaliveOptions.detectWithin(Duration.ofSeconds(1), Liveness.PROCESS))
            .reconnect(Duration.ofMillis(100), Duration.ofSeconds(1))
            .onFailover(failover -> System.out.println("taking over: " + failover))
            .listener(new Progress())
            .open()) {
      System.out.println(standby.ended().toCompletableFuture().join());
    }
  }
}
