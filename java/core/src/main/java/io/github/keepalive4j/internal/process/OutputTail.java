package io.github.keepalive4j.internal.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The end of a process's output, even if another process keeps the output open. */
final class OutputTail {
  private static final int KEPT = 400;
  private static final long DRAIN_MS = 200;

  private final StringBuilder kept = new StringBuilder(); // guarded by itself
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  OutputTail(InputStream stream) {
    Thread reader = new Thread(() -> drain(stream), "keepalive-fence-output");
    reader.setDaemon(true);
    reader.start();
  }

  private void drain(InputStream stream) {
    byte[] buffer = new byte[8192];
    try (stream) {
      for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
        keep(new String(buffer, 0, count, StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      // the process was killed
    } finally {
      ended.complete(null);
    }
  }

  private void keep(String text) {
    synchronized (kept) {
      kept.append(text);
      kept.delete(0, Math.max(0, kept.length() - KEPT));
    }
  }

  /** Returns the end of the output so far as a part of a message, or an empty string. */
  String text() {
    ended.completeOnTimeout(null, DRAIN_MS, TimeUnit.MILLISECONDS).join();
    synchronized (kept) {
      String text = kept.toString().strip();
      return text.isEmpty() ? "" : ", having written: " + text;
    }
  }
}
