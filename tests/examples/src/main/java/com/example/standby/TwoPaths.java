package com.example.standby;

import io.github.keepalive4j.FailoverPolicy;
import io.github.keepalive4j.Failure;
import io.github.keepalive4j.KeepaliveMonitor;
import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.KeepaliveSocket;
import io.github.keepalive4j.MonitorListener;
import io.github.keepalive4j.Watch;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Takes over once the source is silent on both of its networks, and mends a path that comes back.
 * Its arguments are a device and the source's address behind it, twice.
 */
class TwoPaths {
  private static final BlockingQueue<Failure> LOST = new LinkedBlockingQueue<>();

  private static final class Losses implements MonitorListener {
    @Override
    public void onVerdict(Failure failure) {
      System.out.println("path lost: " + failure);
      LOST.add(failure);
    }
  }

  public static void main(String[] args) throws Exception {
    try (KeepaliveMonitor monitor = KeepaliveMonitor.builder().listener(new Losses()).open()) {
      List<KeepaliveSocket> links = new ArrayList<>();
      for (int i = 0; i < args.length; i += 2) {
        links.add(connect(args[i], new InetSocketAddress(args[i + 1], 9999)));
      }
      Watch watch =
          monitor.watchAll(
              links,
              FailoverPolicy.all(),
              failover -> System.out.println("taking over: " + failover.failures()));
      System.out.println("watching " + links.size() + " paths");
      while (!watch.ended().toCompletableFuture().isDone()) {
        Failure lost = LOST.poll(100, TimeUnit.MILLISECONDS);
        if (lost != null) {
          mend(watch, lost);
        }
      }
      System.out.println(watch.ended().toCompletableFuture().join().kind());
    }
  }

  private static KeepaliveSocket connect(String device, InetSocketAddress source)
      throws IOException {
    KeepaliveOptions options =
        KeepaliveOptions.detectWithin(Duration.ofMillis(500)).toBuilder().device(device).build();
    return KeepaliveSocket.connect(source, options, Duration.ofSeconds(1));
  }

  private static void mend(Watch watch, Failure lost) throws InterruptedException {
    try {
      String device = lost.link().options().device().orElseThrow();
      watch.replace(lost.link(), connect(device, lost.peer()));
      System.out.println("path is back: " + device);
    } catch (IOException e) {
      Thread.sleep(100);
      LOST.add(lost); // try again
    } catch (IllegalStateException e) {
      System.out.println("too late: " + e.getMessage()); // the takeover has begun
    }
  }
}
