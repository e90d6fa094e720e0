package io.github.keepalive4j.internal.callback;

/** Code of the application's, which may throw anything. */
public interface ThrowingRunnable {
  void run() throws Exception;
}
