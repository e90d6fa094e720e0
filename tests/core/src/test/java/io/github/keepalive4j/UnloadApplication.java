package io.github.keepalive4j;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What an application in a container does in its life: serves, watches, fails over, closes. */
final class UnloadApplication implements Callable<String> {
  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @Override
  public String call() throws Exception {
    BlockingQueue<Failure> failures = new LinkedBlockingQueue<>();
    KeepaliveServer source = KeepaliveServer.open(ANY);
    try (KeepaliveMonitor monitor =
        KeepaliveMonitor.builder()
            .guard(request -> Claim.lasting("test"), AMPLE)
            .listener(new MonitorListener() {})
            .open()) {
      KeepaliveSocket link =
          KeepaliveSocket.connect(source.localAddress(), KeepaliveOptions.defaults());
      monitor.watch(link, failures::add, new LinkListener() {});
      source.close();
      Failure failure = failures.poll(AMPLE.toSeconds(), TimeUnit.SECONDS);
      return Transport.selected() + " " + failure.cause();
    }
  }
}
