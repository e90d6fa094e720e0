package io.github.keepalive4j;

import io.github.keepalive4j.internal.LinkEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A failover comes once in a program's life, in code that has never run: loading its classes and
 * linking its lambdas takes a JVM 1 to 30 ms, more than fast detection itself. So one is played
 * beforehand, on a link that was never connected.
 */
final class Rehearsal {
  private static final AtomicBoolean HELD = new AtomicBoolean();
  private static final InetSocketAddress HERE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 9); // nothing is sent to it

  private Rehearsal() {}

  /** Rehearses, unless that has been done in this JVM. */
  static void hold() throws IOException {
    if (HELD.compareAndSet(false, true)) {
      play(null);
      play(Runnable::run);
      var unused = LocalTrouble.between(HERE, HERE); // what a callback is likely to ask for
    }
  }

  static void play(Executor executor) throws IOException {
    try (KeepaliveMonitor monitor = KeepaliveMonitor.openForRehearsal(executor)) {
      CountDownLatch told = new CountDownLatch(2);
      fail(new Watch(monitor, unconnected(), failure -> told.countDown(), null, null, null));
      fail(
          new Watch(
              monitor,
              unconnected(),
              failure -> told.countDown(),
              new LinkListener() {},
              null,
              null));
      await(told);
    }
  }

  private static KeepaliveSocket unconnected() {
    return KeepaliveSocket.open(KeepaliveOptions.defaults());
  }

  private static void fail(Watch watch) throws IOException {
    watch.arm(() -> {});
    watch.on(LinkEvent.withoutEvidence(LinkEvent.Type.FAILED, FailureCause.RESET, 0, 0));
  }

  private static void await(CountDownLatch told) {
    try {
      told.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the rest is played as well as it goes
    }
  }
}
