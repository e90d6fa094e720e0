package io.github.keepalive4j.cli.output;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** Reports an event that can't be made at once. The event says when it was made. */
final class LateEventProgram {
  private static final CountDownLatch REPORTED = new CountDownLatch(1);

  private LateEventProgram() {}

  public static void main(String[] args) {
    try (Output output = Output.open(true)) {
      output.eventLater(LateEventProgram::make);
      REPORTED.countDown();
    }
  }

  private static Event make() {
    try {
      REPORTED.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    Instant reported = Instant.now();
    while (!Instant.now().isAfter(reported.plusMillis(1))) {
      Thread.onSpinWait(); // so that the two times differ
    }
    Map<String, Object> details =
        Map.of("madeAt", Instant.now().toString(), "madeNs", System.nanoTime());
    return Event.of(Event.Type.WARNING, "late", details, "");
  }
}
