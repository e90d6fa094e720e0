package io.github.keepalive4j;

import io.github.keepalive4j.support.FailingSource;
import java.util.concurrent.TimeUnit;

/** Ends its main thread with a monitor open, and has the source fail a while later. */
final class KeptAliveProgram {
  /** What a JVM needs to end is much less. */
  private static final long WHILE_MS = 500;

  private KeptAliveProgram() {}

  public static void main(String[] args) throws Exception {
    FailingSource source = new FailingSource();
    KeepaliveMonitor monitor = KeepaliveMonitor.builder().executor(Runnable::run).open();
    monitor.watch(
        source.connectLink(),
        failover -> {
          System.out.println("called back");
          monitor.close();
        });
    Thread main = Thread.currentThread();
    Thread failing = new Thread(() -> failAfter(main, source));
    failing.setDaemon(true);
    failing.start();
  }

  private static void failAfter(Thread main, FailingSource source) {
    try {
      main.join();
      TimeUnit.MILLISECONDS.sleep(WHILE_MS);
      source.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
