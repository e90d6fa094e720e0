package io.github.keepalive4j;

/** What others wrote, and may throw anything. */
interface Call {
  void run() throws Exception;
}
