package io.github.keepalive4j;

import java.time.Duration;
import java.util.List;

/**
 * The life of all links of a {@link KeepaliveMonitor}, for metrics and the like.
 *
 * <p>Called on the thread where it happens: the monitor's own, a callback's, or the one that
 * watches or closes a link. A call holds that thread up, so it must return at once, and it must not
 * close a link. What it throws goes to the monitor's error handler.
 *
 * <p>Calls for different links come at the same time. For one link they come in order, but that
 * {@link #onUnwatched} may overtake one under way.
 */
public interface MonitorListener {
  /**
   * A link is watched from now on. {@link #onUnwatched} follows in any case.
   *
   * @param link the link
   */
  default void onWatched(KeepaliveSocket link) {}

  /**
   * Probes have gone unanswered, as {@link LinkListener#onSuspect}.
   *
   * @param link the link
   * @param probes keepalive probes unanswered so far ({@code tcpi_probes})
   */
  default void onSuspect(KeepaliveSocket link, int probes) {}

  /**
   * A suspected source was heard again.
   *
   * @param link the link
   */
  default void onRecovered(KeepaliveSocket link) {}

  /**
   * The peer sent a byte that the link doesn't know.
   *
   * @param link the link
   * @param octet the byte, 0 to 255
   */
  default void onViolation(KeepaliveSocket link, int octet) {}

  /**
   * A link was judged dead. What follows, the guard's answer or the callback, waits for this call.
   *
   * @param failure what happened
   */
  default void onVerdict(Failure failure) {}

  /**
   * A failover callback has returned, or thrown.
   *
   * @param failures what it was called for: one failure for a link, one and more for a {@linkplain
   *     KeepaliveMonitor#watchAll group}, of which the last decided
   * @param took how long it ran
   * @param succeeded whether it returned without throwing
   */
  default void onFailover(List<Failure> failures, Duration took, boolean succeeded) {}

  /**
   * The {@linkplain KeepaliveMonitor.Builder#guard guard} declined: no failover follows.
   *
   * @param failures as for {@link #onFailover}
   * @param reason why, for people to read
   */
  default void onDeclined(List<Failure> failures, String reason) {}

  /**
   * A link is no longer watched: it failed and its callback has returned, its source stood down, or
   * its owner closed it or took it back.
   *
   * @param link the link
   */
  default void onUnwatched(KeepaliveSocket link) {}
}
