package io.github.keepalive4j.cli.sockets;

import io.github.keepalive4j.cli.output.Listing;
import io.github.keepalive4j.sockets.SocketRule;
import io.github.keepalive4j.sockets.SocketRules;
import io.github.keepalive4j.sockets.SweepListener;
import io.github.keepalive4j.sockets.internal.OneTime;
import java.io.IOException;
import java.time.Duration;

/** Sets the sockets of a process by rules, once, and tells each. */
final class SocketSetter implements SweepListener {
  /** How long it waits at most for answers and for windows to open. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final TargetProcess process;
  private final Listing listing;
  private boolean hasFailed;

  private SocketSetter(TargetProcess process, Listing listing) {
    this.process = process;
    this.listing = listing;
  }

  /**
   * Sets the sockets that the rules govern, and tells each. It takes until the silent ones among
   * them have answered a probe, and closed windows are open, at most 10 s or the longest budget.
   *
   * @return whether all could be set
   * @throws IOException if the process has ended, the kernel doesn't permit it, or another command
   *     sets its sockets
   */
  static boolean set(TargetProcess process, SocketRules rules, Listing listing)
      throws IOException, InterruptedException {
    SocketSetter setter = new SocketSetter(process, listing);
    try (ExclusiveSockets sockets = ExclusiveSockets.of(process)) {
      OneTime.apply(sockets.table(), rules, patience(rules), setter);
    }
    return !setter.hasFailed;
  }

  private static Duration patience(SocketRules rules) {
    return rules.rules().stream()
        .map(SocketRule::within)
        .max(Duration::compareTo)
        .filter(longest -> longest.compareTo(PATIENCE) < 0)
        .orElse(PATIENCE);
  }

  @Override
  public void onGoverned(SocketUpdate update) {
    listing.event(SocketEvents.governed(process, update));
  }

  @Override
  public void onStuck(SocketUpdate update) {
    listing.event(SocketEvents.stuck(process, update));
  }

  @Override
  public void onRefused(SocketUpdate update) {
    hasFailed = true;
    listing.event(SocketEvents.refused(update));
  }
}
