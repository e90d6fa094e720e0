package com.example.standby;

import io.github.keepalive4j.*;
import java.net.InetSocketAddress;

class Backup {
  public static void main(String[] args) throws Exception {
    try (Standby standby =
        Standby.builder(() -> new InetSocketAddress(args[0], 9999))
            .onFailover(failover -> System.out.println("taking over: " + failover))
            .connect()) {
      System.out.println("standing by");
      System.out.println(standby.ended().toCompletableFuture().join());
    }
  }
}
