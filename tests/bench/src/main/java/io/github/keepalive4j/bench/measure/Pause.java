package io.github.keepalive4j.bench.measure;

import java.io.InterruptedIOException;
import java.time.Duration;

/** Waiting times of measurements. */
final class Pause {
  private Pause() {}

  static void sleep(Duration duration) throws InterruptedIOException {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }
}
