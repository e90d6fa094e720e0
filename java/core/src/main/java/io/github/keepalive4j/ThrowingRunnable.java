package io.github.keepalive4j;

/** What others wrote, and may throw anything. */
interface ThrowingRunnable {
  void run() throws Exception;
}
