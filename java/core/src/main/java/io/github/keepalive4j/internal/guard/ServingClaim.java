package io.github.keepalive4j.internal.guard;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimDeclinedException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** Asks a guard on behalf of a source, which waits for the answer. */
public final class ServingClaim implements GuardCall.Outcome {
  private final CompletableFuture<Claim> answer = new CompletableFuture<>();

  private ServingClaim() {}

  /** Asks for a claim, and begins on it. What comes of it goes to the journal. */
  public static HeldClaim begin(
      GuardSetting guard, WatchJournal record, Consumer<Throwable> errorHandler)
      throws IOException {
    try {
      HeldClaim claim = new HeldClaim(ask(guard), record, errorHandler);
      claim.hold();
      String refusalReason = claim.begin();
      if (refusalReason != null) {
        claim.release();
        throw new ClaimDeclinedException(refusalReason);
      }
      return claim;
    } catch (ClaimDeclinedException e) {
      record.declined(e.getMessage());
      throw e;
    }
  }

  /** Asks on a thread of its own, so that an interrupt of the caller ends the wait. */
  private static Claim ask(GuardSetting guard) throws IOException {
    ServingClaim serving = new ServingClaim();
    GuardCall call = new GuardCall(guard, List.of(), Runnable::run, serving);
    Thread asker = new Thread(call::ask, "keepalive-server-guard");
    asker.setDaemon(true);
    asker.start();
    return serving.await(call);
  }

  private Claim await(GuardCall call) throws IOException {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw new ClaimDeclinedException(e.getCause().getMessage(), e.getCause().getCause());
    } catch (InterruptedException e) {
      if (!answer.cancel(false) && !answer.isCompletedExceptionally()) {
        answer.join().release();
      }
      call.cancel();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while asking for the claim to serve");
    }
  }

  @Override
  public void granted(Claim claim) {
    if (!answer.complete(claim)) {
      claim.release();
    }
  }

  @Override
  public void declined(String reason, Throwable error) {
    answer.completeExceptionally(new ClaimDeclinedException(reason, error));
  }
}
