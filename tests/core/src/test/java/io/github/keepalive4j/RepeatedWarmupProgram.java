package io.github.keepalive4j;

import io.github.keepalive4j.internal.Recurrence;
import io.github.keepalive4j.support.Descriptors;
import io.github.keepalive4j.support.Eventually;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Has a monitor open, and others opened and closed, while warm-ups are repeated. Says what anybody
 * heard of them, once they have left no descriptor.
 */
final class RepeatedWarmupProgram {
  private static final int REPETITIONS = 20;
  private static final Duration PERIOD = Duration.ofMillis(10);

  private final Set<Long> repetitions = ConcurrentHashMap.newKeySet();

  private final Queue<String> heard = new ConcurrentLinkedQueue<>();

  private RepeatedWarmupProgram() {}

  public static void main(String[] args) throws Exception {
    if (args.length > 0) {
      throw new IllegalArgumentException("takes no arguments");
    }
    new RepeatedWarmupProgram().run();
  }

  private void run() throws Exception {
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> heard.add(thread + ": " + e));
    Logger.getLogger("").addHandler(new Listening());
    KeepaliveMonitor.Builder builder =
        KeepaliveMonitor.builder()
            .listener(new Hearing())
            .errorHandler((link, e) -> heard.add(e.toString()));
    System.out.println("due in " + Math.round(Warmup.REPETITION.leftMs() / 10_000.0) * 10 + " s");
    builder.repetition = new Recurrence(PERIOD, Warmup::repeatOnThread);
    try (KeepaliveMonitor monitor = builder.open()) {
      int before = Descriptors.count();
      Eventually.await("repetitions", this::isRepeated);
      System.out.println(monitor.size() + " links, heard " + heard);
      Eventually.await("no more descriptors", () -> Descriptors.count() <= before);
    }
    System.out.println("closed");
  }

  private boolean isRepeated() {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("keepalive-warmup")) {
        repetitions.add(thread.getId());
      }
    }
    openAndClose(); // monitors end while warm-ups are under way
    return repetitions.size() >= REPETITIONS;
  }

  private void openAndClose() {
    try {
      KeepaliveMonitor.open().close();
    } catch (Exception e) {
      heard.add(e.toString());
    }
  }

  /** Hears of the one monitor's links. */
  private final class Hearing implements MonitorListener {
    @Override
    public void onVerdict(Failure failure) {
      heard.add(failure.toString());
    }
  }

  /** Hears of what is logged. */
  private final class Listening extends Handler {
    @Override
    public void publish(LogRecord record) {
      heard.add(record.getMessage());
    }

    @Override
    public void flush() {
      // nothing waits
    }

    @Override
    public void close() {
      // nothing is open
    }
  }
}
