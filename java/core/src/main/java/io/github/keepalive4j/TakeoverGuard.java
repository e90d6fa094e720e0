package io.github.keepalive4j;

import io.github.keepalive4j.internal.Arguments;
import io.github.keepalive4j.internal.guard.AllOfGuard;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Stands between a verdict and its callback: a timeout can't tell a dead source from a cut cable,
 * so somebody else is asked before a backup takes over. The same guard stands before a source that
 * wants to serve, so that a restarted one doesn't come back beside its successor.
 *
 * <p>Asked at most once for a watch, after the verdict, on the executor of the callback, which
 * begins only with the claim that the guard gives. May be asked by several threads at once.
 *
 * @see KeepaliveMonitor.Builder#guard(TakeoverGuard, java.time.Duration)
 * @see KeepaliveServer.Builder#guard(TakeoverGuard, java.time.Duration)
 */
@FunctionalInterface
public interface TakeoverGuard {
  /**
   * Gives a claim, or declines. May block; when the time that it was given runs out, its thread is
   * interrupted, the takeover counts as declined, and a claim that it gives later is released.
   *
   * @param request what the claim is wanted for
   * @return the claim, never null
   * @throws ClaimDeclinedException to decline, with the reason
   * @throws Exception counts as declining, too
   */
  Claim claim(ClaimRequest request) throws Exception;

  /**
   * Prepares for a watch that begins now, while the link is healthy. Holds up the caller of {@link
   * KeepaliveMonitor#watch(KeepaliveSocket, FailoverCallback) watch}.
   *
   * @return the guard to be asked at this watch's verdict, by default this one
   */
  default TakeoverGuard arm() {
    return this;
  }

  /**
   * Makes a guard that grants if all of several do. They are asked one after the other, in this
   * order; once one declines, throws, an earlier claim may not be begun on, or the time is over,
   * the earlier claims are released, the last first, and the later ones aren't asked.
   *
   * @param guards the guards, 1 and more
   * @return a guard whose claim stands for all of theirs: it is lost with any of them, and its
   *     token is that of the first that has one
   * @throws IllegalArgumentException if there are none
   */
  static TakeoverGuard allOf(TakeoverGuard... guards) {
    Objects.requireNonNull(guards, "guards");
    return new AllOfGuard(List.copyOf(Arguments.noneNull("guards", Arrays.asList(guards))));
  }
}
