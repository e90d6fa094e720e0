package io.github.keepalive4j;

import io.github.keepalive4j.internal.Recurrence;
import io.github.keepalive4j.support.FailingSource;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Has a monitor open while a repetition of its warm-up hangs, for as long as this program runs.
 * Says how many there are once many more were due, and whether a failover comes beside them.
 */
final class HungWarmupProgram {
  private static final Duration PERIOD = Duration.ofMillis(10);
  private static final int MORE = 20;
  private static final CountDownLatch HUNG = new CountDownLatch(1);
  private static final CountDownLatch DUE = new CountDownLatch(MORE);

  private HungWarmupProgram() {}

  public static void main(String[] args) throws Exception {
    Properties hanging = new Hanging();
    hanging.putAll(System.getProperties());
    System.setProperties(hanging);
    KeepaliveMonitor.Builder builder = KeepaliveMonitor.builder();
    builder.repetition = new Recurrence(PERIOD, HungWarmupProgram::repeat);
    try (KeepaliveMonitor monitor = builder.open();
        FailingSource source = new FailingSource()) {
      await(HUNG);
      await(DUE);
      CountDownLatch calledBack = new CountDownLatch(1);
      monitor.watch(source.connectLink(), failover -> calledBack.countDown());
      source.failOne();
      await(calledBack);
      System.out.println("called back beside " + repetitions() + " repetition");
      KeepaliveMonitor.open().close();
    }
    System.out.println("closed");
  }

  private static void repeat() {
    if (HUNG.getCount() == 0) {
      DUE.countDown();
    }
    Warmup.repeatOnThread();
  }

  private static long repetitions() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(HungWarmupProgram::isRepetition)
        .count();
  }

  private static boolean isRepetition(Thread thread) {
    return thread.getName().equals("keepalive-warmup");
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    if (!latch.await(10, TimeUnit.SECONDS)) {
      throw new AssertionError("not within 10 s");
    }
  }

  /** Stands for a class on a disk that hangs: the warm-up asks for a property on its way. */
  private static final class Hanging extends Properties {
    private static final long serialVersionUID = 1;

    @Override
    public String getProperty(String key, String defaultValue) {
      if (key.equals(Transport.PROPERTY) && isRepetition(Thread.currentThread())) {
        HUNG.countDown();
        awaitForEver();
      }
      return super.getProperty(key, defaultValue);
    }

    private static void awaitForEver() {
      while (true) {
        try {
          new CountDownLatch(1).await();
        } catch (InterruptedException e) {
          // nobody means it
        }
      }
    }
  }
}
