package io.github.keepalive4j.internal.callback;

/** What others wrote, and may throw anything. */
public interface ThrowingRunnable {
  void run() throws Exception;
}
