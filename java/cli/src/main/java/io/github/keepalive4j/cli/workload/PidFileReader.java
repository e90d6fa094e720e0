package io.github.keepalive4j.cli.workload;

import io.github.keepalive4j.cli.output.Messages;
import io.github.keepalive4j.cli.workload.PidFile.Content;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads a pid file on a thread of its own: where its disk hangs, others go on. To be called on one
 * thread.
 */
final class PidFileReader implements AutoCloseable {
  private static final long LIMIT_MS = 100;

  private final PidFile file;
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          PidFileReader::newThread,
          new ThreadPoolExecutor.DiscardPolicy()); // once it is closed
  private Future<Content> reading; // null for none yet

  PidFileReader(PidFile file) {
    this.file = file;
    thread.prestartAllCoreThreads(); // none may be to be had later
  }

  private static Thread newThread(Runnable task) {
    Thread made = new Thread(task, "pid-file-reader");
    made.setDaemon(true);
    return made;
  }

  Content read() throws NoProcessException, InterruptedException {
    if (reading == null || reading.isDone()) { // else it hangs since an earlier call
      reading = thread.submit(file::read);
    }
    try {
      return reading.get(LIMIT_MS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new NoProcessException(
          file.path() + " isn't read within " + LIMIT_MS + " ms: its disk hangs");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof NoProcessException) {
        throw (NoProcessException) e.getCause();
      }
      String reason = Messages.of(e.getCause()); // such as a lack of memory
      throw new NoProcessException(file.path() + " can't be read: " + reason);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
