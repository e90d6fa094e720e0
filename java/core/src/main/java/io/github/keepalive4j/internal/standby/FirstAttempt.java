package io.github.keepalive4j.internal.standby;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** What came of a standby's first attempt to connect, where somebody waits for it. */
public final class FirstAttempt {
  private final boolean decides;
  private final CompletableFuture<Void> armed = new CompletableFuture<>();

  /** Makes one that isn't known yet. If it decides, its failure ends the standby. */
  public FirstAttempt(boolean decides) {
    this.decides = decides;
  }

  /** Tells whether a failure now is the one that ends the standby. */
  public boolean isDecisive() {
    return decides && !armed.isDone();
  }

  public void succeeded() {
    armed.complete(null);
  }

  public void failed(Throwable cause) {
    armed.completeExceptionally(cause);
  }

  /** Waits for the attempt, and throws what made it fail. */
  public void await() throws IOException, InterruptedException {
    try {
      armed.get();
    } catch (ExecutionException e) {
      rethrow(e.getCause());
    }
  }

  private static void rethrow(Throwable failure) throws IOException {
    if (failure instanceof IOException refused) {
      throw refused;
    }
    if (failure instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    throw new IOException(failure.toString(), failure);
  }
}
