package io.github.keepalive4j;

import io.github.keepalive4j.internal.Arguments;
import io.github.keepalive4j.internal.guard.AllOfGuard;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Decides after a verdict whether the backup may take over. A timeout can't tell a dead source from
 * a cut cable, so the guard asks somebody else, or switches the source off. A source asks it before
 * it serves, so that a restarted one doesn't run beside its successor.
 *
 * <p>A guard is asked at most once for a watch, after the verdict, on the callback's executor. The
 * callback begins only with the claim that the guard gives. Several threads may ask at once.
 *
 * @see KeepaliveMonitor.Builder#guard(TakeoverGuard, java.time.Duration)
 * @see KeepaliveServer.Builder#guard(TakeoverGuard, java.time.Duration)
 */
@FunctionalInterface
public interface TakeoverGuard {
  /**
   * Gives a claim, or declines. May block. When its time runs out, its thread is interrupted and
   * the takeover counts as declined. A claim that it gives later is released. The same happens when
   * the watch, its link or its monitor is closed.
   *
   * @param request what the claim is wanted for
   * @return the claim, never null
   * @throws ClaimDeclinedException to decline, with the reason
   * @throws Exception counts as declining, too
   */
  Claim claim(ClaimRequest request) throws Exception;

  /**
   * Prepares for a watch. Comes before the link is connected where the monitor or a {@link Standby}
   * connects it, and holds that up. For a link that is up already it comes with the call to {@link
   * KeepaliveMonitor#watch(KeepaliveSocket, FailoverCallback) watch}.
   *
   * @return the guard to be asked at this watch's verdict, by default this one; null, and what is
   *     thrown, make the call that watches fail
   */
  default TakeoverGuard arm() {
    return this;
  }

  /**
   * The link is up. Called on the guard that {@link #arm} returned: when its watch begins, and when
   * a fresh link takes the place of one. Holds up the watch. What it throws is logged.
   */
  default void connected() {}

  /**
   * The watch has ended, or never began. Called once on the guard that {@link #arm} returned, also
   * after a takeover, whose claim stands. What it throws is logged.
   */
  default void disarm() {}

  /**
   * Tells over which link its watch sees the source. Called on the guard that {@link #arm}
   * returned, for each link, also for one that takes another one's place. What it throws is logged.
   *
   * @param local this side's address of the link, which is how the source sees it where no NAT is
   *     between them
   */
  default void linked(InetSocketAddress local) {
    Objects.requireNonNull(local, "local");
  }

  /**
   * Asks on behalf of the source that this backup doesn't take over for a while. The source has
   * lost what its claim rests on, and acts on only if each of its backups promises. Called on the
   * guard that {@link #arm} returned, on the monitor's thread: it must return at once.
   *
   * @return whether it promises; for how long is between the guard and its claims. False unless
   *     overridden
   */
  default boolean holdBack() {
    return false;
  }

  /**
   * Makes a guard that grants if all of several do. They are asked one after the other, in this
   * order. No more are asked once one declines or throws, an earlier claim is lost or in doubt, the
   * time is over, or the watch is closed. The earlier claims are then released, the last first.
   *
   * @param guards the guards, 1 and more
   * @return a guard whose claim stands for all of theirs: it is lost with any of them, and its
   *     token is that of the first that has one
   * @throws IllegalArgumentException if there are none
   */
  static TakeoverGuard allOf(TakeoverGuard... guards) {
    Objects.requireNonNull(guards, "guards");
    return new AllOfGuard(
        List.copyOf(Arguments.noneNull("guards", Arrays.asList(guards))), ClaimRequest::after);
  }
}
