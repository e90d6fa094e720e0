package io.github.keepalive4j.internal.journal;

import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Reports errors that nobody waits for, on a thread of its own that lives while there are some. A
 * handler that takes long, or for ever, holds up no line.
 */
final class ErrorReporter {
  private static final long KEEP_MS = 100;

  private final ThreadPoolExecutor executor;

  ErrorReporter(String threadName) {
    executor =
        new ThreadPoolExecutor(
            1,
            1,
            KEEP_MS,
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(),
            task -> newThread(task, threadName));
    executor.allowCoreThreadTimeOut(true);
  }

  private static Thread newThread(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  void report(Consumer<IOException> handler, IOException error) {
    try {
      executor.execute(() -> handler.accept(error));
    } catch (Throwable e) { // no thread can be started: better here than nowhere
      call(handler, error);
    }
  }

  private static void call(Consumer<IOException> handler, IOException error) {
    try {
      handler.accept(error);
    } catch (Throwable e) {
      // its own affair
    }
  }
}
