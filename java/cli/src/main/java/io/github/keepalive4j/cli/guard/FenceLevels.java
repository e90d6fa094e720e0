package io.github.keepalive4j.cli.guard;

import io.github.keepalive4j.Claim;
import io.github.keepalive4j.ClaimDeclinedException;
import io.github.keepalive4j.ClaimRequest;
import io.github.keepalive4j.FenceGuard;
import io.github.keepalive4j.TakeoverGuard;
import io.github.keepalive4j.cli.output.Event;
import io.github.keepalive4j.cli.output.Output;
import io.github.keepalive4j.internal.AddressText;
import java.time.Duration;
import java.util.List;

/** Tries fences in order, each several times, until one succeeds. */
final class FenceLevels implements TakeoverGuard {
  /** Between two runs of one fence: a power switch that is busy answers later. */
  static final Duration PAUSE = Duration.ofSeconds(1);

  private final List<FenceGuard> levels;
  private final int runs;
  private final Output output;

  /**
   * Makes a guard.
   *
   * @param runs how often each of them is run before the next one
   */
  FenceLevels(List<FenceGuard> levels, int runs, Output output) {
    this.levels = levels;
    this.runs = runs;
    this.output = output;
  }

  /** Declines with the reason of the last run. The others have been reported by then. */
  @Override
  public Claim claim(ClaimRequest request) throws ClaimDeclinedException, InterruptedException {
    int last = levels.size() * runs - 1;
    for (int run = 0; run < last; run++) {
      try {
        return levels.get(run / runs).claim(request);
      } catch (ClaimDeclinedException e) {
        tell(request, e.getMessage());
      }
      if ((run + 1) % runs != 0) {
        Thread.sleep(PAUSE.toMillis());
      }
      requireTime(request);
    }
    return levels.get(last / runs).claim(request);
  }

  /** Who has been replaced meanwhile must not fence its successor. */
  private static void requireTime(ClaimRequest request) throws ClaimDeclinedException {
    if (request.remaining().compareTo(Duration.ZERO) <= 0) {
      throw new ClaimDeclinedException(
          "a fence failed, and isn't tried again: the claim is lost or in doubt, or the time is over");
    }
  }

  private void tell(ClaimRequest request, String reason) {
    String source = request.failure().map(failure -> AddressText.of(failure.peer())).orElse("");
    output.event(Event.error(source, reason + "; the next fence follows"));
  }
}
