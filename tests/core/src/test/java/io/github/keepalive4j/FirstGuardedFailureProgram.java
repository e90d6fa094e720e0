package io.github.keepalive4j;

import io.github.keepalive4j.support.FailingSource;
import io.github.keepalive4j.support.LinkPair;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A process whose first failure goes past a guard, a journal and a listener. It loads a class of
 * its own before the failure, and another one in the callback, so that a log of loaded classes
 * shows what came between. The journal's path is the property {@code journal}.
 */
final class FirstGuardedFailureProgram {
  private FirstGuardedFailureProgram() {}

  /** Loaded before the failure. */
  static final class Before {
    static final long NS = System.nanoTime();

    private Before() {}
  }

  /** Loaded in the callback. */
  static final class Callback {
    static final long NS = System.nanoTime();

    private Callback() {}
  }

  public static void main(String[] args) throws Exception {
    CountDownLatch up = new CountDownLatch(1);
    CountDownLatch called = new CountDownLatch(1);
    TakeoverGuard guard = request -> Claim.lasting("a test");
    try (FailingSource source = new FailingSource();
        LinkPair pair = source.connect();
        Journal journal = Journal.open(Path.of(System.getProperty("journal")));
        KeepaliveMonitor monitor =
            KeepaliveMonitor.builder()
                .guard(guard, Duration.ofSeconds(20))
                .journal(journal)
                .open()) {
      FailoverCallback callback =
          failover -> {
            System.out.println(Callback.NS);
            called.countDown();
          };
      LinkListener listener =
          new LinkListener() {
            @Override
            public void onUp(LinkUpdate event) {
              up.countDown();
            }
          };
      monitor.watch(pair.link(), callback, listener);
      up.await();
      System.out.println(Before.NS);
      pair.reset();
      called.await(20, TimeUnit.SECONDS);
    }
  }
}
