package io.github.keepalive4j;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;

/**
 * What an application in a container does in its life: serves, watches, fails over, with and
 * without a recording, and closes what it opened.
 */
final class UnloadApplication implements Callable<String> {
  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @Override
  public String call() throws Exception {
    FailureCause recorded;
    try (Recording recording = new Recording()) {
      recording.start();
      recorded = failOver();
    }
    return Transport.selected() + " " + recorded + " " + failOver();
  }

  private static FailureCause failOver() throws Exception {
    BlockingQueue<Failure> failures = new LinkedBlockingQueue<>();
    CountDownLatch arrived = new CountDownLatch(1);
    KeepaliveServer source = KeepaliveServer.builder().listener(counting(arrived)).open(ANY);
    try (KeepaliveServer other = KeepaliveServer.open(ANY);
        KeepaliveMonitor monitor =
            KeepaliveMonitor.builder()
                .guard(request -> Claim.lasting("test"), AMPLE)
                .listener(new MonitorListener() {})
                .open()) {
      monitor.watch(
          connect(source), failover -> failures.add(failover.failure()), new LinkListener() {});
      KeepaliveSocket closed = connect(other);
      monitor.watch(closed, failover -> failures.add(failover.failure()));
      closed.close();
      arrived.await(); // a connection that is not accepted yet would be reset
      source.close();
      return failures.poll(AMPLE.toSeconds(), TimeUnit.SECONDS).cause();
    }
  }

  private static ServerListener counting(CountDownLatch arrived) {
    return new ServerListener() {
      @Override
      public void onConnected(BackupUpdate update) {
        arrived.countDown();
      }
    };
  }

  private static KeepaliveSocket connect(KeepaliveServer source) throws Exception {
    KeepaliveOptions.detectWithin(Duration.ofSeconds(1));
    return KeepaliveSocket.connect(source.localAddress(), KeepaliveOptions.defaults());
  }
}
