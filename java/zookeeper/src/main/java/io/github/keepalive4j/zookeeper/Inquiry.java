package io.github.keepalive4j.zookeeper;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Asks the ensemble until it answers, or the time is over. */
final class Inquiry {
  private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Deadline deadline;
  private final long startNs = System.nanoTime();

  Inquiry(Deadline deadline) {
    this.deadline = deadline;
  }

  long startNs() {
    return startNs;
  }

  <T> T await(Supplier<CompletableFuture<T>> question)
      throws BeatenException, UnavailableException, InterruptedException {
    while (true) {
      try {
        return awaitOnce(question.get());
      } catch (ExecutionException e) {
        pauseBefore(e);
      }
    }
  }

  /** Waits for one answer, whatever it is. */
  <T> T awaitOnce(CompletableFuture<T> answer)
      throws ExecutionException, BeatenException, UnavailableException, InterruptedException {
    try {
      return deadline.await(answer);
    } catch (TimeoutException e) {
      throw unavailable("no answer");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BeatenException beaten) {
        throw beaten;
      }
      throw e;
    }
  }

  /** Lets pass what may pass, and no longer. */
  void pauseBefore(ExecutionException error) throws UnavailableException, InterruptedException {
    if (!Failures.leavesOpen(Failures.codeOf(error))) {
      throw unavailable(Failures.text(error));
    }
    long pauseNs = Math.min(RETRY_NS, deadline.remainingNs());
    if (pauseNs <= 0) {
      throw unavailable(Failures.text(error));
    }
    TimeUnit.NANOSECONDS.sleep(pauseNs);
  }

  UnavailableException unavailable(String what) {
    long waitedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
    return new UnavailableException(what + " after " + waitedMs + " ms");
  }
}
