package io.github.keepalive4j.zookeeper;

import io.github.keepalive4j.ClaimDeclinedException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Sends a request to the ensemble again, every 20 ms, until it is answered or the time is over. */
final class RetryingCall {
  private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Deadline deadline;
  private final long startNs = System.nanoTime();

  RetryingCall(Deadline deadline) {
    this.deadline = deadline;
  }

  long startNs() {
    return startNs;
  }

  <T> T await(Supplier<CompletableFuture<T>> request)
      throws AlreadyClaimedException,
          ClaimDeclinedException,
          EnsembleUnavailableException,
          InterruptedException {
    while (true) {
      try {
        return awaitOnce(request.get());
      } catch (ExecutionException e) {
        pauseAfter(e);
      }
    }
  }

  /** Waits for one answer without sending the request again. */
  <T> T awaitOnce(CompletableFuture<T> answer)
      throws ExecutionException,
          AlreadyClaimedException,
          EnsembleUnavailableException,
          InterruptedException {
    try {
      return deadline.await(answer);
    } catch (TimeoutException e) {
      throw unavailable("no answer");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AlreadyClaimedException claimed) {
        throw claimed;
      }
      throw e;
    }
  }

  /** Waits before the next try; throws where another try can't help or the time is over. */
  void pauseAfter(ExecutionException error)
      throws ClaimDeclinedException, EnsembleUnavailableException, InterruptedException {
    if (EnsembleErrors.isAnswer(error)) {
      throw new ClaimDeclinedException(EnsembleErrors.refusal(error), error);
    }
    if (!EnsembleErrors.leavesOpen(EnsembleErrors.codeOf(error))) {
      throw unavailable(EnsembleErrors.text(error));
    }
    long pauseNs = Math.min(RETRY_NS, deadline.remainingNs());
    if (pauseNs <= 0) {
      throw unavailable(EnsembleErrors.text(error));
    }
    TimeUnit.NANOSECONDS.sleep(pauseNs);
  }

  EnsembleUnavailableException unavailable(String what) {
    long waitedMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
    return new EnsembleUnavailableException(what + " after " + waitedMs + " ms");
  }
}
