package io.github.keepalive4j.internal;

import io.github.keepalive4j.KeepaliveOptions;
import io.github.keepalive4j.Liveness;
import java.time.Duration;

/**
 * How a link is watched beyond the kernel's keepalive: {@code struct ka_watch_config}.
 *
 * @param role which half this side is
 * @param suspectProbes unanswered probes that make the link suspect; 0 for never
 * @param liveness what probes prove; ignored where none are sent
 * @param probeIntervalNs the time between probes; 0 where none are sent
 * @param probeDeadlineNs the time a probe has for its acknowledgement or answer
 */
public record WatchSettings(
    Role role, int suspectProbes, Liveness liveness, long probeIntervalNs, long probeDeadlineNs) {

  /** The source's half: no suspicion, no probes. */
  public static WatchSettings ofSource() {
    return new WatchSettings(Role.SOURCE, 0, Liveness.HOST, 0, 0);
  }

  /** The backup's half, as the options set it. */
  public static WatchSettings ofBackup(KeepaliveOptions options, int suspectProbes) {
    return new WatchSettings(
        Role.BACKUP,
        suspectProbes,
        options.liveness(),
        options.probeInterval().map(Duration::toNanos).orElse(0L),
        options.probeDeadline().map(Duration::toNanos).orElse(0L));
  }

  /** The backup's half, on a transport, with suspicion where somebody wants to hear of it. */
  public static WatchSettings ofBackup(
      KeepaliveOptions options, Provider provider, boolean wantsSuspicion) {
    return ofBackup(options, wantsSuspicion ? provider.suspectProbes(options) : 0);
  }

  /** Refuses options that take more than a descriptor, where the caller polls that alone. */
  public static void requirePollable(KeepaliveOptions options) {
    if (options.failWithoutCarrier()) {
      throw new UnsupportedOperationException(
          "a link with failWithoutCarrier can't be polled by its descriptor, which tells nothing of the carrier: use a monitor or awaitFailure");
    }
    if (options.probeInterval().isPresent()) {
      throw new UnsupportedOperationException(
          "a link with probes (probe interval "
              + options.probeInterval().get()
              + ") can't be polled by its descriptor, because nobody would send them: use a monitor, awaitFailure or options without probes");
    }
  }

  /** Tells whether probes are sent. */
  public boolean isProbing() {
    return probeIntervalNs > 0;
  }
}
